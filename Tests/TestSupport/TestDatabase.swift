public import Postgres
public import Primitives
internal import Synchronization

/// A database of one test's own, with the whole schema and no rows.
public final class TestDatabase: Sendable {
    /// The database of the test that is running, in a `.database` suite.
    @TaskLocal public static var current: TestDatabase?

    public let name: String
    public let server: TestServer
    /// The clock of this database's pools; tests move it.
    public let clock = ManualClock()
    /// Two connections that row-level security does not bind.
    public let owner: PostgresPool
    private let pools: Mutex<[PostgresPool]>

    init(name: String, server: TestServer) {
        self.name = name
        self.server = server
        owner = PostgresPool(server.configuration(database: name), threads: 2, clock: clock, logger: .quiet)
        pools = Mutex([owner])
    }

    /// How to connect with the rights of a role.
    public func configuration(role: DatabaseRole = .owner) -> PostgresConfiguration {
        server.configuration(database: name, role: role)
    }

    /// A pool with the rights of a role; it is closed with the database.
    public func pool(
        _ role: DatabaseRole, threads: Int = 2, clock: (any WallClock)? = nil,
        tenantClock: (@Sendable (TenantID) -> Statement)? = nil
    ) -> PostgresPool {
        let pool = PostgresPool(
            configuration(role: role), threads: threads, clock: clock ?? self.clock,
            tenantClock: tenantClock, logger: .quiet
        )
        pools.withLock { $0.append(pool) }
        return pool
    }

    /// Runs a script as the owner, to lay out what a test begins with.
    public func execute(_ script: String) async throws {
        try await owner.run { try $0.execute(script) }
    }

    func closePools() async {
        for pool in pools.withLock({ $0 }) { await pool.close() }
    }
}
