/// A time zone of the tz database: its name and when its clocks were, are and will be how far from UTC.
public struct Zone: Sendable, Hashable {
    public let name: String
    private let offsets: ZoneOffsets

    public static let utc = Zone(name: "UTC", offsets: ZoneOffsets(first: 0, changes: [], yearly: nil))

    /// - Parameter file: what stands in the zone's file: TZif of RFC 8536, version 2 or later.
    public init(name: String, file: some Collection<UInt8>) throws(ZoneUnreadable) {
        self.init(name: name, offsets: try ZoneFile(file).offsets)
    }

    private init(name: String, offsets: ZoneOffsets) {
        self.name = name
        self.offsets = offsets
    }

    /// What clocks in the zone show at an instant; `nil` outside the years 1…9999.
    public func local(_ instant: Instant) -> LocalTime? {
        let second = flooredQuotient(instant.milliseconds, 1_000)
        guard (Instant.earliest...Instant.farthest).contains(instant) else { return nil }
        let shown = instant.milliseconds + offsets.offset(at: second) * 1_000
        let day = flooredQuotient(shown, Instant.millisecondsPerDay)
        return CivilDate(daysSinceEpoch: day).map {
            LocalTime($0, millisecondOfDay: shown - day * Instant.millisecondsPerDay)
        }
    }

    /// The instant at which clocks in the zone show this.
    ///
    /// What they show twice is the earlier one. What they jump over is as much later as they jump: 02:30 in a spring
    /// night becomes 03:30, and all of Apia's 30 December 2011, which never was, becomes the 31st.
    public func instant(of local: LocalTime) -> Instant {
        let (second, rest) = local.millisecondOfDay.quotientAndRemainder(dividingBy: 1_000)
        let shown = local.date.daysSinceEpoch * 86_400 + second
        // No zone is two days from UTC, so whatever may show this lies between.
        let margin: Int64 = 2 * 86_400
        var offset = offsets.offset(at: shown - margin)
        for change in offsets.changes(after: shown - margin, through: shown + margin) {
            let isShownBefore = shown - offset < change.at
            let isJumpedOver = shown - change.offset < change.at
            if isShownBefore || isJumpedOver { break }
            offset = change.offset
        }
        return Instant(milliseconds: (shown - offset) * 1_000 + rest)
    }
}
