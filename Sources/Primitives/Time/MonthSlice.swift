/// A calendar month of a place, or the part of it that lies in a span of time.
public struct MonthSlice: Sendable, Hashable {
    /// The first day of the month.
    public let month: CivilDate
    /// Half-open; never empty.
    public let period: ServicePeriod

    /// `2026-01`.
    public var name: String {
        let (year, month) = (String(month.year), String(month.month))
        let zeros = String(repeating: "0", count: 4 - year.utf8.count)
        return "\(zeros)\(year)-\(month.utf8.count == 1 ? "0" : "")\(month)"
    }
}

extension Zone {
    /// The months of a span as calendars in the zone have them, without gap; the first and the last may be parts of one.
    ///
    /// `nil` where they are more than `limit`, or beyond the years 1…9999.
    public func months(of span: ServicePeriod, limit: Int) -> [MonthSlice]? {
        guard let first = local(span.start)?.date,
            var month = CivilDate(year: first.year, month: first.month, day: 1)
        else { return nil }
        var slices: [MonthSlice] = []
        var start = span.start
        while start < span.end {
            guard slices.count < limit else { return nil }
            let next = month.adding(months: 1)
            let end = next.map { min(instant(of: LocalTime($0)), span.end) } ?? span.end
            // Where clocks go back over midnight, a month's first instant may lie in the month before.
            if let period = ServicePeriod(start: start, end: end) {
                slices.append(MonthSlice(month: month, period: period))
                start = end
            }
            guard let next else { break }
            month = next
        }
        return slices
    }
}
