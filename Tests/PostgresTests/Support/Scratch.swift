import Logging
import Postgres
import Primitives
import Synchronization

/// A schema of the test's own in the shared server, and ways to connect to it.
struct Scratch {
    let configuration: PostgresConfiguration

    /// Makes the schema and runs a script in it.
    init(_ script: String = "", on server: PrivateServer? = nil) async throws {
        let server = if let server { server } else { try await PrivateServer.shared() }
        let schema = "scratch_\(Self.made.add(1, ordering: .relaxed).newValue)"
        var configuration = server.configuration
        configuration.settings["search_path"] = schema
        // Who stands before a barrier stands there until the test opens it, however busy the machine is.
        configuration.lockTimeoutMilliseconds = 120_000
        configuration.statementTimeoutMilliseconds = 120_000
        self.configuration = configuration
        let connection = try Connection(configuration)
        try connection.execute("CREATE SCHEMA \(schema)")
        try connection.execute(script)
    }

    func connect(_ change: (inout PostgresConfiguration) -> Void = { _ in }) throws -> Connection {
        var configuration = configuration
        change(&configuration)
        return try Connection(configuration)
    }

    func pool(
        threads: Int = 2, queueLimit: Int = 4096, clock: any WallClock = SystemClock(),
        _ change: (inout PostgresConfiguration) -> Void = { _ in }
    ) -> PostgresPool {
        var configuration = configuration
        change(&configuration)
        return PostgresPool(
            configuration, threads: threads, queueLimit: queueLimit, clock: clock, logger: .silent
        )
    }

    private static let made = Atomic(0)
}

extension Logger {
    static let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}
