internal import Primitives

/// Which other processes live: those whose beat has changed lately, by this process's own clock.
struct Neighbours {
    private struct Seen {
        var beat: Int64
        var at: ContinuousClock.Instant
    }

    private var seen: [IdentifierBits: Seen] = [:]

    /// A process is given up when its beat has stood still for so long.
    static let patience = Duration.seconds(5)
    /// Its row is removed when it has stood still for so long.
    static let forgetting = Duration.seconds(60)

    /// Those who live, given all beats that there are.
    mutating func hear(_ beats: [(id: IdentifierBits, beat: Int64)], at now: ContinuousClock.Instant) -> Int {
        var heard: [IdentifierBits: Seen] = [:]
        for (id, beat) in beats {
            if let known = seen[id], known.beat == beat {
                heard[id] = known
            } else {
                heard[id] = Seen(beat: beat, at: now)
            }
        }
        seen = heard
        return heard.values.count { now - $0.at < Self.patience }
    }

    /// Those who have been silent for so long that nobody needs their row.
    func gone(at now: ContinuousClock.Instant) -> [IdentifierBits] {
        seen.filter { now - $0.value.at > Self.forgetting }.map(\.key)
    }
}
