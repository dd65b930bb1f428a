internal import Primitives

/// One end of an export's period as it is asked for: a month or a day of the tenant's calendar, or a moment.
enum ExportBound: Sendable, Hashable {
    /// Midnight of this day in the tenant's zone; of a month it is the first.
    case day(CivilDate)
    case moment(Instant)

    /// Reads `2026-01`, `2026-01-31` or RFC 3339; `nil` for anything else.
    init?(_ text: String) {
        if let moment = Instant(rfc3339: text) {
            self = .moment(moment)
            return
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count),
            zip(parts, [4, 2, 2]).allSatisfy({ Self.isNumber($0, digits: $1) }),
            let day = CivilDate(
                year: Int(parts[0])!, month: Int(parts[1])!, day: parts.count == 3 ? Int(parts[2])! : 1)
        else { return nil }
        self = .day(day)
    }

    /// Where it is in a zone; midnight that clocks show twice is the first, one that they jump over as much later.
    func instant(in zone: Zone) -> Instant {
        switch self {
        case .day(let date): zone.instant(of: LocalTime(date))
        case .moment(let moment): moment
        }
    }

    private static func isNumber(_ text: Substring, digits: Int) -> Bool {
        text.utf8.count == digits
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
