internal import Synchronization

/// The counts of a run that charges several tenants at once.
final class RenewalTally: Sendable {
    private let state = Mutex((counts: RenewalCounts(), settlements: Int64(0)))
    private let progress: @Sendable (RenewalCounts) throws -> Void

    init(_ progress: @escaping @Sendable (RenewalCounts) throws -> Void) {
        self.progress = progress
    }

    /// Adds what became of a batch, and tells the sum, which never goes back.
    func add(_ batch: RenewalCounts) throws {
        try state.withLock { state in
            state.counts.add(batch)
            if batch.due > batch.renewed { state.settlements += 1 }
            try progress(state.counts)
        }
    }

    var counts: RenewalCounts { state.withLock { $0.counts } }

    /// Batches that left something to be written down, in a transaction each.
    var settlements: Int64 { state.withLock { $0.settlements } }
}
