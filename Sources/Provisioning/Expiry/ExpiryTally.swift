internal import Synchronization

/// The counts of a run that is busy with several tenants at once.
final class ExpiryTally: Sendable {
    private let state = Mutex(ExpiryCounts())
    private let begun = Atomic<Int64>(0)
    private let progress: @Sendable (ExpiryCounts) throws -> Void

    init(_ progress: @escaping @Sendable (ExpiryCounts) throws -> Void) {
        self.progress = progress
    }

    /// Adds what a batch did, and tells the sum, which never goes back.
    func add(_ batch: ExpiryCounts) throws {
        try state.withLock { counts in
            counts.add(batch)
            try progress(counts)
        }
    }

    var counts: ExpiryCounts { state.withLock { $0 } }

    /// Notes a transaction that writes.
    func began() {
        begun.add(1, ordering: .relaxed)
    }

    /// How many there were.
    var transactions: Int64 { begun.load(ordering: .relaxed) }
}
