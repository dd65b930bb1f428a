extension Instant {
    static let millisecondsPerDay: Int64 = 86_400_000

    /// 0001-01-01T00:00:00Z: the first instant that RFC 3339 can write without a year zero.
    public static let earliest = Instant(milliseconds: -62_135_596_800_000)

    /// Reads `2026-01-31T00:00:00Z`, `2026-01-31t01:30:00.25+01:30`: a zone is required, digits of the second past the
    /// third are cut off. `nil` for a leap second, a day its month does not have, and outside the years 1…9999.
    public init?(rfc3339 text: some StringProtocol) {
        var fields = FieldReader(text)
        guard let year = fields.number(digits: 4), fields.skip("-"),
            let month = fields.number(digits: 2), fields.skip("-"),
            let day = fields.number(digits: 2), fields.skip("T") || fields.skip("t"),
            let hour = fields.number(digits: 2, upTo: 23), fields.skip(":"),
            let minute = fields.number(digits: 2, upTo: 59), fields.skip(":"),
            let second = fields.number(digits: 2, upTo: 59),
            let fraction = fields.fraction(), let offset = fields.zone(), fields.isAtEnd,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = (hour * 60 + minute - offset) * 60 + second
        self = Instant(milliseconds: date.start.milliseconds + Int64(seconds * 1000 + fraction))
        // The zone may have moved the first or the last day of all past its end.
        guard (Self.earliest...Self.farthest).contains(self) else { return nil }
    }

    /// The instant in UTC, `2026-01-31T00:00:00.000Z`, cut off after 3 digits of the second or after none.
    ///
    /// A year past 9999 is written with all its digits and one before 1 with a sign: wrong to RFC 3339, right to a reader.
    public func rfc3339(fractionDigits: Int = 3) -> String {
        precondition(
            fractionDigits == 0 || fractionDigits == 3, "instants are written in seconds or in milliseconds")
        let day = Self.millisecondsPerDay
        let date = CivilDate.civil(fromDays: flooredQuotient(milliseconds, day))
        let time = Int((milliseconds % day + day) % day)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        if date.year < 0 { text.append(UInt8(ascii: "-")) }
        text.append(abs(date.year), digits: 4)
        text.append(date.month, digits: 2, after: "-")
        text.append(date.day, digits: 2, after: "-")
        text.append(time / 3_600_000, digits: 2, after: "T")
        text.append(time / 60_000 % 60, digits: 2, after: ":")
        text.append(time / 1_000 % 60, digits: 2, after: ":")
        if fractionDigits == 3 { text.append(time % 1_000, digits: 3, after: ".") }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends a number with zeros in front, after a separator.
    fileprivate mutating func append(_ value: Int, digits: Int, after separator: Unicode.Scalar? = nil) {
        if let separator { append(UInt8(ascii: separator)) }
        let text = String(value)
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Swift.max(0, digits - text.utf8.count)))
        append(contentsOf: text.utf8)
    }
}

/// Walks over the fields of a date and time.
private struct FieldReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ separator: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: separator) else { return false }
        position += 1
        return true
    }

    mutating func number(digits: Int, upTo limit: Int = .max) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value <= limit ? value : nil
    }

    /// Milliseconds of `.25`, 0 where there is no point; `nil` for a point without digits.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        guard var value = digit() else { return nil }
        var count = 1
        while let digit = digit() {
            if count < 3 { value = value * 10 + digit }
            count += 1
        }
        return count == 1 ? value * 100 : count == 2 ? value * 10 : value
    }

    /// Minutes east of UTC.
    mutating func zone() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = number(digits: 2, upTo: 23), skip(":"),
            let minutes = number(digits: 2, upTo: 59)
        else { return nil }
        return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }

    private mutating func digit() -> Int? {
        guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else {
            return nil
        }
        defer { position += 1 }
        return Int(bytes[position] - UInt8(ascii: "0"))
    }
}
