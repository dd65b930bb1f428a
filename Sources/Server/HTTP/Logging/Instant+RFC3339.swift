internal import Primitives

extension Instant {
    /// `2026-01-31T00:00:00.000Z`: UTC with milliseconds.
    var rfc3339: String {
        let (days, time) = (
            milliseconds.flooredQuotient(by: 86_400_000), milliseconds.flooredRemainder(by: 86_400_000)
        )
        let (year, month, day) = Self.civil(daysSince1970: days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        text.appendDigits(year, 4)
        text.append(UInt8(ascii: "-"))
        text.appendDigits(month, 2)
        text.append(UInt8(ascii: "-"))
        text.appendDigits(day, 2)
        text.append(UInt8(ascii: "T"))
        text.appendDigits(time / 3_600_000, 2)
        text.append(UInt8(ascii: ":"))
        text.appendDigits(time / 60_000 % 60, 2)
        text.append(UInt8(ascii: ":"))
        text.appendDigits(time / 1_000 % 60, 2)
        text.append(UInt8(ascii: "."))
        text.appendDigits(time % 1_000, 3)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Howard Hinnant's `civil_from_days`: eras of 400 years that begin on 1 March.
    private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted.flooredRemainder(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : (self - divisor + 1) / divisor
    }

    fileprivate func flooredRemainder(by divisor: Int64) -> Int64 {
        self - flooredQuotient(by: divisor) * divisor
    }
}

extension [UInt8] {
    fileprivate mutating func appendDigits(_ value: Int64, _ count: Int) {
        var unit: Int64 = 1
        for _ in 1..<count { unit *= 10 }
        var rest = value
        while unit > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit % 10))
            rest %= unit * 10
            unit /= 10
        }
    }
}
