/// Reads the last line of a zone's file: the rule for all years after its list, in the words of POSIX's `TZ` as RFC 8536
/// extends them: `CET-1CEST,M3.5.0,M10.5.0/3`.
enum PosixRule {
    /// `nil` where clocks change no more: what they show is what they showed last.
    static func read(_ text: Substring) throws(ZoneUnreadable) -> YearlyOffsets? {
        guard !text.isEmpty else { return nil }
        var fields = PosixReader(text)
        guard fields.name(), let winter = fields.time(hoursMax: 25) else { throw unreadable(text) }
        if fields.isAtEnd { return nil }
        guard fields.name() else { throw unreadable(text) }
        // POSIX counts to the west. Summer is an hour ahead where nothing else is said.
        var summer = winter - 3_600
        if !fields.isAt(",") {
            guard let said = fields.time(hoursMax: 25) else { throw unreadable(text) }
            summer = said
        }
        guard fields.skip(","), let begins = fields.moment(), fields.skip(","), let ends = fields.moment(),
            fields.isAtEnd
        else { throw unreadable(text) }
        return YearlyOffsets(winter: -winter, summer: -summer, summerBegins: begins, summerEnds: ends)
    }

    private static func unreadable(_ text: Substring) -> ZoneUnreadable {
        ZoneUnreadable("has \"\(text)\" as its rule for the years to come")
    }
}

/// Walks over the words of a rule.
private struct PosixReader {
    private var rest: Substring

    init(_ text: Substring) { rest = text }

    var isAtEnd: Bool { rest.isEmpty }

    func isAt(_ character: Character) -> Bool { rest.first == character }

    mutating func skip(_ character: Character) -> Bool {
        guard isAt(character) else { return false }
        rest.removeFirst()
        return true
    }

    /// An abbreviation: letters, or anything in angle brackets.
    mutating func name() -> Bool {
        if skip("<") {
            guard let end = rest.firstIndex(of: ">") else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let letters = rest.prefix { $0.isASCII && $0.isLetter }
        rest = rest[letters.endIndex...]
        return letters.count >= 3
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(hoursMax: Int64) -> Int64? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard let hours = number(0...hoursMax) else { return nil }
        var seconds = hours * 3_600
        for unit in [60, 1] as [Int64] where skip(":") {
            guard let value = number(0...59) else { return nil }
            seconds += value * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// `date[/time]`; two in the morning where no time is said.
    mutating func moment() -> YearlyMoment? {
        guard let day = day() else { return nil }
        guard skip("/") else { return YearlyMoment(day: day, time: 7_200) }
        return time(hoursMax: 167).map { YearlyMoment(day: day, time: $0) }
    }

    private mutating func day() -> YearlyMoment.Day? {
        if skip("J") { return number(1...365).map(YearlyMoment.Day.ofCommonYear) }
        guard skip("M") else { return number(0...365).map(YearlyMoment.Day.ofYear) }
        guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
            let weekday = number(0...6)
        else { return nil }
        return .weekday(weekday, week: week, month: Int(month))
    }

    private mutating func number(_ bounds: ClosedRange<Int64>) -> Int64? {
        let digits = rest.prefix { ("0"..."9").contains($0) }.prefix(4)
        rest = rest[digits.endIndex...]
        return Int64(digits).flatMap { bounds.contains($0) ? $0 : nil }
    }
}
