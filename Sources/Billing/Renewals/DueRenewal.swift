internal import Catalog
internal import Primitives

/// A subscription whose automatic renewal is due, as its row stood.
struct DueRenewal: Sendable, Hashable {
    let tenant: TenantID
    let id: SubscriptionID
    let customer: CustomerID
    let plan: PlanID
    let dialect: DialectName
    /// The index of the period that is to be paid.
    let nextPeriod: Int32
    let activeUntil: Instant
    let automatic: AutoRenewal
    let isEnded: Bool
    /// How long its last period is, in ms; `nil` where there is none.
    let periodMilliseconds: Int64?

    var key: TenantKey<SubscriptionID> { TenantKey(tenant: tenant, name: id) }

    /// One period of its own plan, for itself; refused where it stands elsewhere by then.
    func submission(_ command: CommandID) -> Submission {
        Submission(
            id: command, tenant: tenant, principal: nil, dialect: dialect,
            command: .renewal(
                Renewal(
                    customer: customer, subscription: id, plan: plan,
                    automatic: AutomaticRenewal(nextPeriod: nextPeriod, activeUntil: activeUntil))))
    }

    /// What to do about it now.
    func verdict(graceMilliseconds: Int64, at now: Instant) -> Verdict {
        if RenewalSchedule.isOver(end: activeUntil, graceMilliseconds: graceMilliseconds, at: now) {
            return .over
        }
        let renewals = automatic.counted(on: now).renewals
        return renewals < RenewalBounds.renewalsMax(periodMilliseconds: periodMilliseconds)
            ? .renew : .park(.tooManyRenewals)
    }

    enum Verdict: Sendable, Hashable {
        case renew
        /// Its grace is over.
        case over
        case park(ParkReason)
    }
}

/// Why a subscription is renewed by nobody until an operator has looked at it.
public enum ParkReason: String, Sendable, Hashable, CaseIterable {
    case tooManyTries = "too_many_tries"
    case tooManyRenewals = "too_many_renewals"
    /// A row cannot be read or written; it is for us to repair.
    case fault
}

/// How often one subscription may be tried, and renewed, by itself on one day in UTC: what runs away is stopped before
/// it costs much.
enum RenewalBounds {
    static let triesMax: Int32 = 12

    /// Four, or what short periods need with two to spare.
    static func renewalsMax(periodMilliseconds: Int64?) -> Int32 {
        guard let periodMilliseconds, periodMilliseconds > 0 else { return 4 }
        return Int32(clamping: max(4, 86_400_000 / periodMilliseconds + 2))
    }
}
