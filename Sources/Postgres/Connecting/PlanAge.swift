/// When a session throws its plans away, so that none outlives the tables that it was made for.
///
/// A prepared statement keeps its plan until somebody runs ANALYZE. One made while a table was empty reads all of it
/// once it is full. Planned anew, it sees how large the table is by now, analysed or not. A session first plans anew
/// after a second and then waits twice as long each time: tables that grow evenly have at most doubled in between.
struct PlanAge {
    static let first = Duration.seconds(1)
    static let longest = Duration.seconds(60)

    private var lifetime = first
    private var madeAt: ContinuousClock.Instant

    init(madeAt: ContinuousClock.Instant) {
        self.madeAt = madeAt
    }

    /// Whether the plans are over at `now`; where they are, those that replace them live longer.
    mutating func isOver(at now: ContinuousClock.Instant) -> Bool {
        guard now - madeAt >= lifetime else { return false }
        madeAt = now
        lifetime = min(lifetime * 2, Self.longest)
        return true
    }
}
