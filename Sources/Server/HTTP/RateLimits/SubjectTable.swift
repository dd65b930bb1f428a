/// What some subjects have been let through lately: sixteen bytes for each step in which a limit counted something, and
/// nothing for a subject that was quiet for as long as its limits look back.
///
/// Whoever has been heard of is remembered until then. Only beyond `subjectsMax` the half that was silent longest is
/// forgotten all the same.
struct SubjectTable {
    struct Entry {
        var head = RateCell.none
        /// The table's count of requests when the subject made its last.
        var touched: UInt64 = 0
    }

    var entries: [SubjectKey: Entry] = [:]
    var pool = CellPool()
    var buckets = BucketTable()
    /// Who has been counted since the last exchange with other processes, and for enough to matter to them.
    var changed: Set<SubjectKey> = []
    /// How many processes share the limits.
    var processes = 1
    private var requests: UInt64 = 0
    private var sweepAt = 1_024
    private let subjectsMax: Int

    init(subjectsMax: Int) {
        self.subjectsMax = subjectsMax
    }

    var count: Int { entries.count }

    /// Counts a request under all its limits, or under none where one of them has nothing left.
    mutating func take(_ key: SubjectKey, _ wanted: [RateLimitBucket], at now: Int64) -> RateLimitVerdict? {
        var tallies = tallies(of: wanted, at: now)
        guard !tallies.isEmpty else { return nil }
        if entries[key] == nil, entries.count >= sweepAt { makeRoom(at: now) }
        var entry = entries[key] ?? Entry()
        requests += 1
        entry.touched = requests
        count(entry.head, in: &tallies)
        pool.drop(from: &entry.head) { [buckets, tallies] cell in
            tallies.first { $0.bucket == cell.limit }?.forgets(cell) ?? buckets.forgets(cell, at: now)
        }
        if tallies.allSatisfy({ !$0.isFull }) {
            for index in tallies.indices { count(&tallies[index], &entry.head, key) }
            entries[key] = entry
            return verdict(tallies, isAllowed: true, entry.head, at: now)
        }
        entries[key] = entry
        return verdict(tallies, isAllowed: false, entry.head, at: now)
    }

    /// What `take` would say, without counting anything; `nil` for a subject that nothing is counted for.
    mutating func look(_ key: SubjectKey, _ wanted: [RateLimitBucket], at now: Int64) -> RateLimitVerdict? {
        guard let entry = entries[key] else { return nil }
        var tallies = tallies(of: wanted, at: now)
        count(entry.head, in: &tallies)
        return verdict(tallies, isAllowed: tallies.allSatisfy { !$0.isFull }, entry.head, at: now)
    }

    /// Forgets whoever has been quiet for as long as their limits look back.
    mutating func sweep(at now: Int64) {
        for key in Array(entries.keys) {
            guard var entry = entries[key] else { continue }
            pool.drop(from: &entry.head) { [buckets] in buckets.forgets($0, at: now) }
            entries[key] = entry.head == RateCell.none ? nil : entry
        }
        giveBack()
        sweepAt = min(subjectsMax, max(1_024, entries.count * 2))
    }

    private mutating func makeRoom(at now: Int64) {
        sweep(at: now)
        guard entries.count >= subjectsMax else { return }
        let middle = entries.values.map(\.touched).sorted()[entries.count / 2]
        for (key, entry) in entries where entry.touched < middle {
            var head = entry.head
            pool.drop(from: &head) { _ in true }
            entries[key] = nil
        }
    }

    /// Memory that a rush has taken is given back once it is over.
    private mutating func giveBack() {
        guard entries.capacity > 4 * max(1_024, entries.count) else { return }
        let (old, oldPool) = (entries, pool)
        entries = Dictionary(minimumCapacity: old.count)
        pool = CellPool()
        for (key, entry) in old {
            var kept = Entry(touched: entry.touched)
            oldPool.each(of: entry.head) { _, cell in pool.push(cell, on: &kept.head) }
            entries[key] = kept
        }
    }
}
