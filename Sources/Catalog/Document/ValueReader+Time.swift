internal import Foundation
internal import Primitives

extension ValueReader {
    /// Milliseconds of `30d`, `12h`, `90m`, `45s` or `1500ms`; at most a hundred years.
    func duration(orZero: Bool = false) throws(DocumentError) -> Int64 {
        let text = try text()
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1] as [String: Int64]
        guard let unit = units[String(text.dropFirst(digits.count))], let count = Int64(digits) else {
            throw problem("\"\(text)\" is no duration: 30d, 12h, 90m, 45s or 1500ms")
        }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, milliseconds <= 36_525 * 86_400_000 else {
            throw problem("\"\(text)\" is longer than 100 years")
        }
        guard milliseconds > 0 || orZero else { throw problem("must be longer than nothing") }
        return milliseconds
    }

    /// A moment as RFC 3339 writes it.
    func instant() throws(DocumentError) -> Instant {
        let text = try text()
        guard let instant = Instant(rfc3339: text) else {
            throw problem("\"\(text)\" is no time of RFC 3339 with a zone, like 2026-01-31T00:00:00Z")
        }
        return instant
    }

    /// A zone of the tz database.
    func timeZone() throws(DocumentError) -> String {
        let text = try text()
        guard TimeZone(identifier: text) != nil else {
            throw problem("\"\(text)\" is no time zone, like Europe/Amsterdam or UTC")
        }
        return text
    }
}
