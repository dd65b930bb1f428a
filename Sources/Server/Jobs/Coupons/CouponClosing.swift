internal import Primitives

/// A coupon as the job sees it: one whose window is past, or whose redemptions are all used.
struct ClosingCoupon: Sendable, Hashable {
    let id: CouponID
    let code: String
    let endsAt: Instant?
    let maxRedemptions: Int32?
    let redeemedCount: Int32
}

/// Why a coupon is good for nobody any more, as it is told.
struct CouponClosing: Sendable, Hashable {
    enum Reason: String, Sendable {
        /// Its window is past.
        case ended
        /// All its redemptions are used.
        case exhausted
    }

    let coupon: ClosingCoupon
    let reason: Reason

    /// One that is past its window says so alone, whatever its uses: nothing brings it back but another window.
    static func of(_ coupon: ClosingCoupon, at now: Instant) -> CouponClosing? {
        if let end = coupon.endsAt, end <= now { return CouponClosing(coupon: coupon, reason: .ended) }
        if let max = coupon.maxRedemptions, coupon.redeemedCount >= max {
            return CouponClosing(coupon: coupon, reason: .exhausted)
        }
        return nil
    }

    var kind: String { "coupon.\(reason.rawValue)" }

    /// What the event is about. A later window and a higher limit are told of again; a use that was given back and used
    /// anew is not.
    var once: String {
        switch reason {
        case .ended: "\(kind):\(coupon.id):\(coupon.endsAt?.milliseconds ?? 0)"
        case .exhausted: "\(kind):\(coupon.id):\(coupon.maxRedemptions ?? 0)"
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
        }
        return .object(object)
    }
}
