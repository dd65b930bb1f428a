internal import Primitives

extension ValueReader {
    /// How long a plan's period is: `1mo`, `3mo` or `12mo` for calendar months, or what `duration` reads.
    func planDuration() throws(DocumentError) -> PlanDuration {
        let text = try text()
        guard text.hasSuffix("mo") else { return .fixed(milliseconds: try duration()) }
        let digits = text.dropLast(2)
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            throw problem("\"\(text)\" is no duration: months are whole ones, like 1mo, 3mo or 12mo")
        }
        // Digits that fit no Int32 are too many months too.
        let months = Int32(digits) ?? .max
        guard months <= PlanDuration.monthsMax else { throw problem("\"\(text)\" is longer than 100 years") }
        guard months > 0 else { throw problem("must be longer than nothing") }
        return .months(months)
    }

    /// Milliseconds of `30d`, `12h`, `90m`, `45s` or `1500ms`; at most a hundred years.
    func duration(orZero: Bool = false) throws(DocumentError) -> Int64 {
        let text = try text()
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1] as [String: Int64]
        guard let unit = units[String(text.dropFirst(digits.count))], let count = Int64(digits) else {
            throw problem(
                text.hasSuffix("mo")
                    ? "\"\(text)\": only a plan's own duration is told in months"
                    : "\"\(text)\" is no duration: 30d, 12h, 90m, 45s or 1500ms")
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

    /// The name of a zone that this machine's tz database has.
    func timeZone() throws(DocumentError) -> String {
        let text = try text()
        guard let zone = try? ZoneDatabase.machine.zone(named: text) else {
            throw problem("\"\(text)\" is no time zone, like Europe/Amsterdam or UTC")
        }
        return zone.name
    }
}
