import Postgres

/// A table that is locked, so that whoever reads it waits: holds jobs of a pool where a test wants them.
final class Barrier {
    private let holder: Connection

    /// Locks `barrier` in the scratch schema.
    init(_ scratch: Scratch) throws {
        holder = try scratch.connect()
        try holder.execute("CREATE TABLE barrier (n int8)")
        try holder.execute("BEGIN; LOCK TABLE barrier")
    }

    static let pass: Statement = "SELECT count(*) FROM barrier"

    /// Waits until somebody stands before the barrier.
    func untilReached(by count: Int = 1) async throws {
        try await until("\(count) wait at the barrier") {
            try holder.query(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'barrier'::regclass"
            )[0].get(0) == count
        }
    }

    func open() throws {
        try holder.execute("COMMIT")
    }
}
