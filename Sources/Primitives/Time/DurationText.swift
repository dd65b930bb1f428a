/// A positive span of time as operators write it: one whole number and one unit, `30d`, `12h`, `90m`, `45s`, `1500ms`.
///
/// A day is 24 hours: durations are milliseconds, never calendar days.
public struct DurationText: Sendable, Hashable, CustomStringConvertible {
    public let milliseconds: Int64

    /// `nil` unless positive.
    public init?(milliseconds: Int64) {
        guard milliseconds > 0 else { return nil }
        self.milliseconds = milliseconds
    }

    /// Reads what `description` writes, and the same spans in smaller units; `nil` for zero, for anything else, and
    /// past Int64 milliseconds.
    public init?(_ text: some StringProtocol) {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let suffix = String(decoding: text.utf8.dropFirst(digits.count), as: UTF8.self)
        guard let count = Int64(String(decoding: digits, as: UTF8.self)),
            let unit = Self.units.first(where: { $0.suffix == suffix })
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow else { return nil }
        self.init(milliseconds: product)
    }

    /// The span in the largest unit that leaves no remainder: `1d` for 24 hours, `36h` for a day and a half.
    public var description: String {
        for unit in Self.units where milliseconds % unit.milliseconds == 0 {
            return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
        }
        preconditionFailure("a millisecond divides everything")
    }

    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]
}
