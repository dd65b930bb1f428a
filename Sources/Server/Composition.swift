internal import Catalog
internal import Foundation
public import Logging
public import Postgres
public import Primitives
public import Provisioning

/// One process's share of an installation: everything that its parts are given, made in one place.
///
/// Doors, engine and worker each have connections with the rights of their own role and no more.
public struct Installation: Sendable {
    public let settings: Settings
    public let database: DatabaseAccess
    /// Connections for requests, under row-level security.
    public let doors: PostgresPool
    /// Connections for what people change of their own accounts, under row-level security.
    public let accounts: PostgresPool
    /// Connections for the provisioning worker.
    public let worker: PostgresPool
    /// Connections for jobs.
    public let jobs: PostgresPool
    /// Connections of the admin API.
    public let admin: PostgresPool
    /// One connection with which the admin API changes catalogues: one waits for the other anyway.
    public let selling: PostgresPool
    /// Connections for what operators, staff and customers look up: the doors' rights, under row-level security.
    public let reading: PostgresPool
    /// Connections for exports, which may be held for as long as somebody reads: the doors' rights as well.
    public let exports: PostgresPool
    /// One connection with the owner's rights, for migrations, the catalogue file and the audit.
    public let owner: PostgresPool
    /// What compares whole tables with each other makes its connection with.
    public let auditing: PostgresConfiguration
    /// What the engine makes its lanes' connections with.
    public let engine: PostgresConfiguration
    /// What the request log is written with.
    public let recording: PostgresConfiguration
    /// What listeners for notifications make their connection with.
    public let listening: PostgresConfiguration
    public let clock: any WallClock
    public let identifiers: any IdentifierSource
    public let random: any RandomSource
    /// What seals credentials and remembered answers and signs sessions; nil for commands that do none of it.
    public let keys: InstallationKeys?
    /// Where log lines go; requests write theirs to it too.
    public let sink: LogLines
    public let logger: Logger

    /// Finds the database, starts it where nobody has, and makes the pools; they connect when first used.
    ///
    /// Throws `EmbeddedProblem` and `CommandFailure`.
    public static func open(
        _ settings: Settings, for purpose: DatabaseAccess.Purpose, needsKey: Bool
    ) async throws -> Installation {
        let sink = LogLines(descriptor: STDERR_FILENO)
        let logger = Logger(label: "tollgate") {
            JSONLogHandler(label: $0, level: settings.logLevel, sink: sink)
        }
        let random = SystemRandom()
        do {
            // A new data directory gets its key first, so that no cluster is ever without one.
            let makesDirectory = settings.databaseURL == nil && purpose.mayCreate
            let keys = try needsKey || makesDirectory ? KeyFile.keys(settings, for: purpose, random) : nil
            let database = try await DatabaseAccess.open(settings.location, for: purpose, logger: logger)
            return Installation(settings, database, keys, random, sink, logger)
        } catch {
            sink.flush()
            throw error
        }
    }

    private init(
        _ settings: Settings, _ database: DatabaseAccess, _ keys: InstallationKeys?,
        _ random: any RandomSource,
        _ sink: LogLines, _ logger: Logger
    ) {
        self.settings = settings
        self.database = database
        self.keys = keys
        self.random = random
        self.sink = sink
        self.logger = logger
        clock = SystemClock()
        identifiers = ProcessIdentifiers()
        let connections = Connections(settings, database)
        doors = PostgresPool(
            connections.pooled("tollgate_door").withPinnedPlans, threads: settings.doorConnections,
            clock: clock, tenantClock: { TenantClockStore.ahead(of: $0) }, logger: logger)
        accounts = PostgresPool(
            connections.pooled("tollgate_account"), threads: 2, clock: clock, logger: logger)
        worker = PostgresPool(
            connections.pooled("tollgate_worker").withPinnedPlans, threads: settings.workerConnections,
            clock: clock, logger: logger)
        jobs = PostgresPool(
            connections.pooled("tollgate_job").withPinnedPlans, threads: 2, clock: clock, logger: logger)
        admin = PostgresPool(connections.pooled("tollgate_admin"), threads: 2, clock: clock, logger: logger)
        selling = PostgresPool(
            connections.pooled("tollgate_catalogue"), threads: 1, clock: clock, logger: logger)
        // Reports are planned for what is asked, not pinned to look-ups by key.
        reading = PostgresPool(
            connections.pooled("tollgate_door"), threads: 2, clock: clock,
            tenantClock: { TenantClockStore.ahead(of: $0) }, logger: logger)
        exports = PostgresPool(
            connections.pooled("tollgate_door").forExports, threads: Exports.connections, queueLimit: 16,
            clock: clock,
            tenantClock: { TenantClockStore.ahead(of: $0) }, logger: logger)
        var patient = connections.direct(nil)
        // The audit reads whole tables.
        patient.statementTimeoutMilliseconds = 600_000
        owner = PostgresPool(patient, threads: 1, clock: clock, logger: logger)
        var auditing = connections.direct("tollgate_worker")
        auditing.statementTimeoutMilliseconds = patient.statementTimeoutMilliseconds
        self.auditing = auditing
        engine = connections.direct("tollgate_engine")
        recording = connections.pooled("tollgate_recorder").withPinnedPlans
        listening = connections.direct("tollgate_door")
    }

    /// Lets go of everything, the last of it the database; call it when all parts have stopped.
    public func close() async {
        let pools = [doors, accounts, worker, jobs, admin, selling, reading, exports, owner]
        for pool in pools { await pool.close() }
        await database.close()
        sink.flush()
    }

    /// How the pools reach the database: through the pgbouncer where there is one, or past it.
    private struct Connections {
        let settings: Settings
        let database: DatabaseAccess

        init(_ settings: Settings, _ database: DatabaseAccess) {
            self.settings = settings
            self.database = database
        }

        func pooled(_ role: String?) -> PostgresConfiguration {
            var configuration = PostgresConfiguration(conninfo: database.conninfo.reveal(), role: role)
            configuration.usesPreparedStatements = settings.preparesStatements
            return configuration
        }

        /// Notifications, migrations and lanes need a session that is theirs.
        func direct(_ role: String?) -> PostgresConfiguration {
            guard let direct = settings.directDatabaseURL else { return pooled(role) }
            return PostgresConfiguration(conninfo: direct.reveal(), role: role)
        }
    }
}

extension PostgresConfiguration {
    /// With the time that a slow reader takes, and memory to sort a tenant's rows in.
    fileprivate var forExports: PostgresConfiguration {
        var configuration = self
        configuration.statementTimeoutMilliseconds = 6 * 3_600_000
        configuration.idleInTransactionTimeoutMilliseconds = 6 * 3_600_000
        configuration.settings["work_mem"] = "32MB"
        return configuration
    }
}
