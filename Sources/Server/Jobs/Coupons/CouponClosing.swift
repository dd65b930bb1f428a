internal import Catalog
internal import Primitives

/// Why a coupon is good for nobody any more, as it is told.
struct CouponClosing: Sendable, Hashable {
    enum Reason: String, Sendable {
        /// Its window is past.
        case ended
        /// All its redemptions are used.
        case exhausted
        /// What is left of its budget is less than any order's discount.
        case budgetExhausted = "budget_exhausted"
    }

    let coupon: Coupon
    let reason: Reason

    /// One that is past its window says so alone, whatever its uses: nothing brings it back but another window. One whose
    /// uses are all used says that before it speaks of money.
    ///
    /// - Parameter prices: what the tenant's plans cost now, in minor units.
    static func of(
        _ coupon: Coupon, prices: [(plan: PlanID, minor: Int64)], at now: Instant
    ) -> CouponClosing? {
        if let end = coupon.endsAt, end <= now { return CouponClosing(coupon: coupon, reason: .ended) }
        if let max = coupon.maxRedemptions, coupon.redeemedCount >= max {
            return CouponClosing(coupon: coupon, reason: .exhausted)
        }
        if coupon.hasUsedUpBudget(prices: prices) {
            return CouponClosing(coupon: coupon, reason: .budgetExhausted)
        }
        return nil
    }

    var kind: String { "coupon.\(reason.rawValue)" }

    /// What the event is about. A later window, a higher limit and another budget are told of again; a use that was given
    /// back and used anew is not.
    var once: String {
        switch reason {
        case .ended: "\(kind):\(coupon.id):\(coupon.endsAt?.milliseconds ?? 0)"
        case .exhausted: "\(kind):\(coupon.id):\(coupon.maxRedemptions ?? 0)"
        case .budgetExhausted: "\(kind):\(coupon.id):\(coupon.budget?.minor ?? 0)"
        }
    }

    var payload: JSON {
        var object = JSONObject()
        object["coupon"] = .string(coupon.id.description)
        object["code"] = .string(coupon.code)
        object["redeemed"] = .integer(Int64(coupon.redeemedCount))
        switch reason {
        case .ended: object["ended_at_ms"] = .integer(coupon.endsAt?.milliseconds ?? 0)
        case .exhausted: object["max_redemptions"] = .integer(Int64(coupon.maxRedemptions ?? 0))
        case .budgetExhausted:
            object["budget_minor"] = .integer(coupon.budget?.minor ?? 0)
            object["discounted_minor"] = .integer(coupon.discountedMinor)
        }
        return .object(object)
    }
}
