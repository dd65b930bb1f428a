internal import Postgres
internal import Primitives
internal import Synchronization

/// Finance exports of a tenant, under its row-level security: each is streamed out of one snapshot.
struct Exports: Sendable {
    /// Connections of the doors' role that may be held for as long as somebody reads.
    let pool: PostgresPool
    /// How many a process has.
    static let connections = 2
    let zones: ZoneDatabase

    init(pool: PostgresPool, zones: ZoneDatabase = .machine) {
        self.pool = pool
        self.zones = zones
    }

    /// What the request means; throws `ExportRefusal` before anything is read of it.
    func scope(_ request: ExportRequest) async throws -> ExportScope {
        let found = try await pool.transaction(tenant: nil) { transaction in
            try transaction.query(ExportStore.tenant(request.tenant)).first.map { row in
                (id: try row.get(0, as: TenantID.self), zone: try row.get(1, as: String.self))
            }
        }
        guard let found else { throw ExportRefusal.tenantUnknown(request.tenant) }
        return try ExportScope(request, tenant: found.id, zone: zones.zone(named: found.zone))
    }

    /// Begins with the first read of its chunks.
    func begin(_ scope: ExportScope) -> RunningExport {
        let outcome = RunningExport.Outcome()
        let chunks = pool.stream(tenant: scope.tenant) { transaction, send in
            outcome.end(try ExportWriting.write(scope, transaction, send))
        }
        return RunningExport(scope: scope, chunks: chunks, outcome: outcome, tzdata: zones.version)
    }
}

/// An export that is being read.
struct RunningExport: Sendable {
    let scope: ExportScope
    /// The file, part after part; an error ends it where it could not be made whole.
    let chunks: SnapshotStream
    fileprivate let outcome: Outcome
    /// The release of the tz database by which days were told.
    fileprivate let tzdata: String?

    /// What the export comes to, handed over from the thread that writes it.
    final class Outcome: Sendable {
        private let figures = Mutex<ExportFigures?>(nil)

        func end(_ figures: ExportFigures) { self.figures.withLock { $0 = figures } }
        var value: ExportFigures? { figures.withLock { $0 } }
    }

    /// What is to be known of the file; call it once all chunks have been read.
    func manifest(of digest: ExportDigest) -> ExportManifest {
        guard let figures = outcome.value else {
            preconditionFailure("a manifest is made of an export that was read to its end")
        }
        return ExportManifest(
            scope: scope, figures: figures, bytes: digest.bytes, sha256: digest.finalized(), tzdata: tzdata)
    }
}
