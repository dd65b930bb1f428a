internal import Postgres
internal import Provisioning

/// Seals every stored secret under the newest key, in transactions of a batch, beside whatever else goes on.
///
/// A value is replaced only where it is still what was read, so credentials that change meanwhile are left to those
/// who changed them. It may be killed anywhere and run again: what is done is found no more.
struct Resealing: Sendable {
    /// With the owner's rights, for it sees every tenant.
    let pool: PostgresPool
    let seal: Seal
    var batch = 500

    /// How many values of a column are under which key.
    struct Census: Sendable, Equatable {
        let column: SealedColumn
        let values: Int64
        /// The id of the key.
        let key: UInt8
    }

    /// What a run has done.
    struct Counts: Sendable, Equatable {
        var renewed = 0
        /// Changed by others between reading and writing; theirs are under a key of their own choice.
        var overtaken = 0
        /// Values that open under no key that was given, or in another place than their own.
        var unreadable = 0
    }

    func census() async throws -> [Census] {
        try await pool.run { connection in
            try SealedColumn.allCases.flatMap { column in
                try SealedStore.census(of: column, connection.query(SealedStore.census(of: column)))
            }
        }
    }

    /// - Parameter progress: told the counts after every batch.
    func run(progress: (Counts) -> Void = { _ in }) async throws -> Counts {
        var counts = Counts()
        for column in SealedColumn.allCases {
            var last: SealedColumn.Value?
            while let found = try await step(column, after: last, &counts) {
                last = found
                progress(counts)
            }
        }
        return counts
    }

    /// One batch; where it ended, or `nil` where nothing was left.
    private func step(
        _ column: SealedColumn, after last: SealedColumn.Value?, _ counts: inout Counts
    ) async throws -> SealedColumn.Value? {
        let (found, outcome) = try await pool.transaction(tenant: nil) { [batch, seal] transaction in
            let found = try SealedStore.values(
                transaction.query(
                    SealedStore.values(of: column, notUnder: seal.newest, after: last, limit: batch)))
            var (old, new, unreadable) = ([SealedColumn.Value](), [[UInt8]](), 0)
            for value in found {
                do {
                    guard let renewed = try column.renewed(value, by: seal) else { continue }
                    old.append(value)
                    new.append(renewed)
                } catch is SealError {
                    unreadable += 1
                }
            }
            let written =
                old.isEmpty ? 0 : try transaction.query(SealedStore.renew(column, old, new)).count
            return (
                found.last, Counts(renewed: written, overtaken: old.count - written, unreadable: unreadable)
            )
        }
        counts.renewed += outcome.renewed
        counts.overtaken += outcome.overtaken
        counts.unreadable += outcome.unreadable
        return found
    }
}
