public import Primitives

/// When an automatic renewal is tried: by a subscription's end alone, so a run that comes late asks for the same moments.
///
/// First an hour before the end, so that there is time to bring money; then at the end, six hours and a day after it, and
/// every further day, for as long as the tenant's grace lasts. Then it is over.
public enum RenewalSchedule {
    /// How long before the end it is first tried, in ms; a period shorter than twice that is renewed from its middle.
    public static let leadMilliseconds: Int64 = 3_600_000
    private static let secondMilliseconds: Int64 = 6 * 3_600_000
    private static let dayMilliseconds: Int64 = 86_400_000

    /// The first try of what is paid until the end of this period.
    public static func first(for period: ServicePeriod) -> Instant {
        let length = period.end.milliseconds(since: period.start)
        return period.end.earlier(by: min(leadMilliseconds, length / 2))
    }

    /// The first moment after `now` to try again; where the grace has none left, its end.
    static func next(after now: Instant, end: Instant, graceMilliseconds: Int64) -> Instant {
        let over = end.later(by: graceMilliseconds)
        let late = now < end ? -1 : now.milliseconds(since: end)
        let wait: Int64 =
            switch late {
            case ..<0: 0
            case ..<secondMilliseconds: secondMilliseconds
            default: (late / dayMilliseconds + 1) * dayMilliseconds
            }
        return min(end.later(by: wait), over)
    }

    /// Whether the grace is over: nothing is charged for time that was not served.
    static func isOver(end: Instant, graceMilliseconds: Int64, at now: Instant) -> Bool {
        end.later(by: graceMilliseconds) <= now
    }
}

extension Instant {
    /// So many ms later, or the last instant there is.
    func later(by milliseconds: Int64) -> Instant { adding(milliseconds: milliseconds) ?? .farthest }

    /// So many ms earlier.
    func earlier(by milliseconds: Int64) -> Instant {
        adding(milliseconds: -milliseconds) ?? Instant(milliseconds: .min)
    }

    /// Midnight UTC at which the instant's day begins; the instant itself outside the calendar.
    var startOfDay: Instant { CivilDate(of: self)?.start ?? self }
}
