/// A day of the proleptic Gregorian calendar, years 1…9999; exists only when the month has such a day.
public struct CivilDate: Sendable, Hashable, Comparable {
    public let year: Int
    public let month: Int
    public let day: Int

    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.daysInMonth(month, of: year)).contains(day)
        else { return nil }
        self.init(unchecked: (year, month, day))
    }

    /// The day this many days after 1970-01-01; `nil` outside the years 1…9999.
    public init?(daysSinceEpoch days: Int64) {
        guard (Self.firstDay...Self.lastDay).contains(days) else { return nil }
        self.init(unchecked: Self.civil(fromDays: days))
    }

    /// The day in UTC on which this instant falls; `nil` outside the years 1…9999.
    public init?(of instant: Instant) {
        self.init(daysSinceEpoch: flooredQuotient(instant.milliseconds, Instant.millisecondsPerDay))
    }

    /// Days from 1970-01-01 to this one; negative before it.
    public var daysSinceEpoch: Int64 { Self.days(fromCivil: (year, month, day)) }

    /// Midnight UTC, at which this day begins.
    public var start: Instant { Instant(milliseconds: daysSinceEpoch * Instant.millisecondsPerDay) }

    /// 28…31.
    public static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    public static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    private init(unchecked civil: (year: Int, month: Int, day: Int)) {
        (year, month, day) = civil
    }

    private static let firstDay: Int64 = -719_162
    private static let lastDay: Int64 = 2_932_896
}

// Hinnant's algorithms ("chrono-compatible low-level date algorithms"): years begin in March, so that the leap day is
// their last, and 400 of them, an era, always have the same 146 097 days. No table, no loop, right for every Int64 / 2.
extension CivilDate {
    static func days(fromCivil civil: (year: Int, month: Int, day: Int)) -> Int64 {
        let year = Int64(civil.year) - (civil.month <= 2 ? 1 : 0)
        let era = flooredQuotient(year, 400)
        let yearOfEra = year - era * 400
        let monthFromMarch = Int64((civil.month + 9) % 12)
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(civil.day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func civil(fromDays days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = flooredQuotient(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(day))
    }
}

/// The quotient rounded towards minus infinity, where `/` rounds towards zero.
func flooredQuotient(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
}
