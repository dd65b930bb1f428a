internal import Foundation
internal import Postgres

/// A PostgreSQL of one's own with default durability, that can be killed in several ways and started again.
///
/// Used from the drill's one thread; only `configuration` is for others.
final class Cluster: @unchecked Sendable {
    let folder: DrillFolder
    let socket: String
    private let data: String
    private let programs: String
    private let settings: [String]
    private let environment: [String: String]
    private(set) var server: ChildProcess?

    var log: String { folder.path + "/postgres.log" }
    var conninfo: String { "host=\(socket) user=tollgate dbname=tollgate" }

    /// - Parameters:
    ///   - data: where the cluster is, by default inside the folder.
    ///   - walDirectory: where its write-ahead log is, then in small segments; by default with the cluster.
    ///   - settings: `name=value`, beyond PostgreSQL's own defaults.
    ///   - environment: for the server, `LD_PRELOAD` say.
    init(
        _ folder: DrillFolder, data: String? = nil, walDirectory: String? = nil, settings: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        self.folder = folder
        self.settings = settings
        self.environment = environment
        self.data = data ?? folder.path + "/data"
        socket = folder.path + "/socket"
        programs = try Self.newestPrograms()
        for directory in [self.data, socket] + [walDirectory].compactMap({ $0 }) {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Self.own(directory)
        }
        let made = try ChildProcess.run(
            command("initdb"),
            arguments(
                "initdb",
                [
                    "-D", self.data, "-U", "tollgate", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-k",
                    "-N",
                ]
                    + (walDirectory.map { ["--waldir", $0, "--wal-segsize", "1"] } ?? [])), in: folder)
        guard made.status == 0 else { throw DrillProblem("initdb: \(made.words)") }
    }

    /// A configuration that acts as the owner.
    func configuration(database: String = "tollgate") -> PostgresConfiguration {
        var configuration = PostgresConfiguration(
            conninfo: "host=\(socket) user=tollgate dbname=\(database)", applicationName: "crash-drill")
        configuration.statementTimeoutMilliseconds = 120_000
        return configuration
    }

    /// Starts the server and returns when it takes connections; how often it had to be started.
    ///
    /// Backends of a killed postmaster may live for a moment, and PostgreSQL refuses to start beside them: like any
    /// supervisor the drill then tries again.
    @discardableResult
    func start(seconds: Double = 60) throws -> Int {
        var starts = 0
        return try waitFor("PostgreSQL", seconds: seconds, every: 0.004) {
            if server?.hasEnded ?? true {
                server = try launch()
                starts += 1
            }
            guard let connection = try? Connection(configuration(database: "postgres")) else { return nil }
            connection.close()
            return starts
        }
    }

    func createDatabase() throws {
        let connection = try Connection(configuration(database: "postgres"))
        defer { connection.close() }
        try connection.execute("CREATE DATABASE tollgate")
    }

    private func launch() throws -> ChildProcess {
        try ChildProcess(
            command("postgres"),
            arguments(
                "postgres", ["-D", data, "-k", socket] + (Self.standard + settings).flatMap { ["-c", $0] }),
            environment: environment, output: log, noting: folder)
    }

    /// fsync, synchronous_commit and full_page_writes stay at their defaults: on.
    private static let standard = [
        "listen_addresses=", "max_connections=60", "timezone=UTC", "jit=off", "log_error_verbosity=terse",
        "log_min_error_statement=panic", "autovacuum_naptime=15s",
    ]

    /// The server's processes: the postmaster first, then its children.
    func processes() -> [pid_t] {
        guard let server, !server.hasEnded else { return [] }
        return [server.pid] + Self.children(of: server.pid)
    }

    /// Kills one backend that serves the engine: PostgreSQL restarts all others by itself.
    func killBackend() throws {
        let connection = try Connection(configuration())
        defer { connection.close() }
        let found = try connection.query(Self.engineBackend)
        if let row = found.first { kill(try row.get(0, as: Int32.self), SIGKILL) }
    }

    /// Kills the postmaster alone; its children notice, some after they have finished what they do.
    func killPostmaster() throws {
        try server?.kill9()
    }

    /// Kills everything at once.
    func killAll() throws {
        let all = processes()
        // Stopped first, or the postmaster would see its children die one by one.
        for pid in all { kill(pid, SIGSTOP) }
        for pid in all { kill(pid, SIGKILL) }
        try server?.kill9()
    }

    func signalAll(_ number: Int32) {
        for pid in processes() { kill(pid, number) }
    }

    func stop() throws {
        guard let server, !server.hasEnded else { return }
        server.signal(SIGINT)
        try waitUntil("the orderly end of PostgreSQL") { server.hasEnded }
    }

    private static let engineBackend: Statement = """
        SELECT pid FROM pg_stat_activity
        WHERE datname = 'tollgate' AND application_name = 'tollgate' AND backend_type = 'client backend'
        ORDER BY (state = 'active') DESC, xact_start NULLS LAST LIMIT 1
        """
}

extension Cluster {
    /// PostgreSQL refuses to be root; setpriv replaces itself by the program, so what we started is the server.
    private func command(_ program: String) -> String {
        geteuid() == 0 ? "/usr/bin/setpriv" : "\(programs)/\(program)"
    }

    private func arguments(_ program: String, _ own: [String]) -> [String] {
        geteuid() == 0
            ? ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", "\(programs)/\(program)"] + own
            : own
    }

    static func own(_ path: String) throws {
        guard geteuid() == 0 else { return }
        guard let account = getpwnam("postgres"),
            chown(path, account.pointee.pw_uid, account.pointee.pw_gid) == 0
        else { throw DrillProblem("\(path) cannot be given to the user postgres") }
    }

    private static func children(of parent: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { pid in
            guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let closing = text.lastIndex(of: ")")
            else { return false }
            let fields = text[closing...].split(separator: " ")
            return fields.count > 2 && pid_t(fields[2]) == parent
        }
    }

    static func newestPrograms() throws -> String {
        if let chosen = ProcessInfo.processInfo.environment["TOLLGATE_POSTGRES_BIN"] { return chosen }
        let debian = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []).compactMap {
            Int($0)
        }
        if let newest = versions.filter({ $0 >= 15 }).max() { return "\(debian)/\(newest)/bin" }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        if let found = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") })
        {
            return String(found)
        }
        throw DrillProblem("PostgreSQL 15 or later is not installed: run scripts/setup")
    }
}
