public import Primitives

/// How long one period of a plan lasts.
public enum PlanDuration: Sendable, Hashable {
    case fixed(milliseconds: Int64)
    /// Calendar months in the tenant's time zone, counted from where the subscription is anchored.
    case months(Int32)

    /// A hundred years, as for fixed lengths.
    public static let monthsMax: Int32 = 1_200

    /// The one period that would begin here; `nil` past the year 9999, and for months where the zone is not known.
    public func period(from start: PeriodStart, in zone: Zone?) -> ServicePeriod? {
        switch self {
        case .fixed(let milliseconds):
            return ServicePeriod.tiling(from: start.at, duration: milliseconds, count: 1)?.first
        case .months(let months):
            guard let zone else { return nil }
            return CalendarPeriods(
                from: start.at, continuing: start.anchor, months: months, count: 1, in: zone)?.periods.first
        }
    }
}

/// Where the next period of a subscription begins, and what its months are counted from.
public struct PeriodStart: Sendable, Hashable {
    public let at: Instant
    public let anchor: CalendarAnchor?

    /// Of a new subscription.
    public init(now: Instant) {
        at = now
        anchor = nil
    }

    /// Of one that goes on: where its paid time ends (vendors' "extends from the current end"), or now where that is
    /// past. Time that was not served is not charged, and months are counted anew after it.
    public init(after activeUntil: Instant, anchor: CalendarAnchor?, now: Instant) {
        at = max(activeUntil, now)
        self.anchor = activeUntil < now ? nil : anchor
    }
}
