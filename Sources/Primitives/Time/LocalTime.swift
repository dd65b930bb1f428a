/// What calendar and clock on the wall of a place show; some are shown twice and some never.
public struct LocalTime: Sendable, Hashable {
    public let date: CivilDate
    /// Since midnight as the clock counts it, 0 ..< 86 400 000.
    public let millisecondOfDay: Int64

    public init(_ date: CivilDate, millisecondOfDay: Int64 = 0) {
        precondition(
            (0..<Instant.millisecondsPerDay).contains(millisecondOfDay), "a clock shows less than 24 hours")
        self.date = date
        self.millisecondOfDay = millisecondOfDay
    }

    /// The same time of day so many months later, on the last day of a month that has no such day: 31 January becomes
    /// 28 February. `nil` outside the years 1…9999.
    public func adding(months: Int64) -> LocalTime? {
        date.adding(months: months).map { LocalTime($0, millisecondOfDay: millisecondOfDay) }
    }
}

extension CivilDate {
    /// The same day so many months later, or the last of a shorter month; `nil` outside the years 1…9999.
    public func adding(months: Int64) -> CivilDate? {
        let (sum, overflow) = Int64(year * 12 + month - 1).addingReportingOverflow(months)
        let year = flooredQuotient(sum, 12)
        guard !overflow, (1...9999).contains(year) else { return nil }
        let month = Int(sum - year * 12) + 1
        let last = Self.daysInMonth(month, of: Int(year))
        return CivilDate(year: Int(year), month: month, day: min(day, last))
    }
}
