/// Where calendar periods are counted from, so that 31 January goes on to 28 February and then to 31 March.
public struct CalendarAnchor: Sendable, Hashable {
    public let at: Instant
    /// Months from the anchor to the end of what is paid.
    public let months: Int32

    public init(at: Instant, months: Int32 = 0) {
        self.at = at
        self.months = months
    }
}

/// Calendar periods, and the anchor with which the next ones go on.
public struct CalendarPeriods: Sendable, Hashable {
    public let periods: [ServicePeriod]
    public let anchor: CalendarAnchor

    /// `count` periods of so many months from `start` on, without gap; every end is counted from the anchor, never from
    /// the end before. `nil` past the year 9999.
    ///
    /// The first period begins at `start` even where the zone's rules have changed since the end before was computed, so
    /// that it still follows it. Without an anchor, or with one that does not lead past `start`, `start` is the anchor.
    public init?(
        from start: Instant, continuing anchor: CalendarAnchor?, months: Int32, count: Int32, in zone: Zone
    ) {
        precondition(months > 0 && count > 0, "a tiling needs a positive length and count")
        var anchor = anchor ?? CalendarAnchor(at: start)
        if let end = anchor.end(after: Int64(months), in: zone), end <= start {
            anchor = CalendarAnchor(at: start)
        }
        var periods: [ServicePeriod] = []
        for index in 1...Int64(count) {
            guard let end = anchor.end(after: index * Int64(months), in: zone),
                let period = ServicePeriod(start: periods.last?.end ?? start, end: end)
            else { return nil }
            periods.append(period)
        }
        guard let total = Int32(exactly: Int64(anchor.months) + Int64(count) * Int64(months)) else {
            return nil
        }
        self.periods = periods
        self.anchor = CalendarAnchor(at: anchor.at, months: total)
    }
}

extension CalendarAnchor {
    /// The instant so many months after what is paid; `nil` past the year 9999.
    fileprivate func end(after more: Int64, in zone: Zone) -> Instant? {
        guard let end = zone.local(at)?.adding(months: Int64(months) + more).map(zone.instant),
            end <= Instant.farthest
        else { return nil }
        return end
    }
}
