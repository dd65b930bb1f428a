internal import Postgres
internal import Primitives

/// What the processes of an installation tell each other of what they have counted.
enum RateCountStore {
    /// Says that a process lives, and asks who does.
    static func beat(of process: IdentifierBits) -> Statement {
        Statement(beating, [process])
    }

    static func beats(_ result: ResultSet) throws -> [(id: IdentifierBits, beat: Int64)] {
        try result.map { (id: try $0.get(0), beat: try $0.get(1)) }
    }

    /// Writes what a process has counted of some subjects, in place of what it had written of them.
    static func write(_ counts: [SubjectKey: SharedCells], of process: IdentifierBits) -> Statement {
        // In the order of their keys, so that no two processes wait for each other.
        let rows = counts.sorted { $0.key.bits < $1.key.bits }
        return Statement(
            writing,
            [
                process, rows.map(\.key.bits), rows.map(\.value.bytes),
                rows.map { Instant(milliseconds: $0.value.forgottenAt) },
            ])
    }

    /// What the others have counted of some subjects.
    static func read(_ subjects: [IdentifierBits], besides process: IdentifierBits) -> Statement {
        Statement(reading, [process, subjects])
    }

    static func cells(_ result: ResultSet) throws -> [IdentifierBits: [SharedCells.Cell]] {
        try result.reduce(into: [:]) { all, row in
            guard let shared = SharedCells(bytes: try row.get(1)) else {
                throw Unreadable("the stored counts are no whole cells")
            }
            all[try row.get(0), default: []] += shared.cells
        }
    }

    /// Forgets processes.
    static func remove(_ processes: [IdentifierBits]) -> Statement {
        Statement(removing, [processes])
    }

    /// Forgets counts that no window holds any more.
    static func removeForgotten(at now: Instant) -> Statement {
        Statement(removingForgotten, [now])
    }

    // The row that is being written is seen with its old beat, and nobody looks at that.
    private static let beating = """
        WITH own AS (
            INSERT INTO server_processes (id, beat) VALUES ($1, 1)
            ON CONFLICT (id) DO UPDATE SET beat = server_processes.beat + 1
        )
        SELECT id, beat FROM server_processes
        """
    private static let writing = """
        INSERT INTO rate_counts (subject, process, cells, forgotten_at)
        SELECT v.subject, $1, v.cells, v.forgotten_at
        FROM unnest($2::uuid[], $3::bytea[], $4::timestamptz[]) AS v(subject, cells, forgotten_at)
        ON CONFLICT (subject, process) DO UPDATE SET cells = excluded.cells, forgotten_at = excluded.forgotten_at
        """
    private static let reading = """
        SELECT c.subject, c.cells FROM unnest($2::uuid[]) AS v(subject)
        JOIN rate_counts c ON c.subject = v.subject AND c.process <> $1
        """
    private static let removing = "DELETE FROM server_processes WHERE id = ANY ($1::uuid[])"
    private static let removingForgotten = "DELETE FROM rate_counts WHERE forgotten_at < $1"
}
