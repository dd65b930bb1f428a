internal import Foundation
public import Logging
public import Primitives

/// What an installation is told from outside, read once: flags win over `TOLLGATE_…`, which wins over the file.
///
/// A name in the environment is the name in the file in capitals: `database.url` is `TOLLGATE_DATABASE_URL`.
public struct Settings: Sendable {
    /// `data`: the data directory.
    public var directory = DataDirectory(".tollgate")
    /// `database.url`: the operator's own server; without it the embedded one in the data directory.
    public var databaseURL: Secret<String>?
    /// `database.direct.url`: the same server past its pgbouncer, for migrations, purchases and notifications.
    public var directDatabaseURL: Secret<String>?
    /// `database.prepared`: off behind a pgbouncer in transaction mode.
    public var preparesStatements = true
    /// `database.doors`, `database.worker`: connections that serve requests, and that look after gateways.
    public var doorConnections = 3
    public var workerConnections = 2
    /// `lanes`: purchase lanes, each with a connection; a tenant always uses the same one.
    public var lanes = 2
    /// `host`, `port`: where HTTP is served.
    public var host = "127.0.0.1"
    public var port = 8080
    /// `metrics.port`: where `work`, which serves nothing else, serves its metrics on 127.0.0.1; `nil`: nowhere.
    public var metricsPort: Int?
    /// `installation.key`: 32 bytes in base64 that seal credentials.
    public var installationKey: Secret<String>?
    /// `log.level`: trace, debug, info, notice, warning, error or critical.
    public var logLevel = Logger.Level.info
    /// `trusted.proxies`: addresses and networks whose `X-Forwarded-For` is believed, with commas between them.
    public var trustedProxies: [NetworkPrefix] = []
    /// `connections`, `connections.per.address`: open at once, in all and from one address.
    public var connections = 4_096
    public var connectionsPerAddress = 1_024
    /// `seconds.head`, `seconds.body`, `seconds.idle`: what a client may take.
    public var headSeconds = 10
    public var bodySeconds = 20
    public var idleSeconds = 60
    /// `unknown.keys`: API keys that are nobody's, from one address: `600/1m`, or `off`.
    public var unknownKeys = RateLimit.sliding(limit: 600, window: 60_000)
    /// `request.log.written`: whether accounts' requests are written down at all.
    public var writesRequestLog = true
    /// `request.log.days`: whole days that accounts' request logs are kept.
    public var requestLogDays = 30
    /// `delivery.seconds`: how long a gateway may take to open a port that was sold; then its money goes back.
    public var deliverySeconds = 900
    /// `jobs`: whether `work` and `up` run the jobs; off where cron does.
    public var runsJobs = true

    public init() {}

    /// Where the database is.
    public var location: DatabaseLocation {
        if let databaseURL { .server(databaseURL) } else { .embedded(directory) }
    }
}

extension Settings {
    /// Reads what flags, environment and file say; throws `CommandFailure.badUsage` where one makes no sense.
    public static func read(
        flags: [String: String], environment: [String: String]? = nil
    ) async throws -> Settings {
        let source = try await SettingsSource(
            flags: flags, environment: environment ?? ProcessInfo.processInfo.environment)
        var settings = Settings()
        if let data = try source.text("data") { settings.directory = DataDirectory(data) }
        settings.databaseURL = try source.text("database.url").map(Secret.init)
        settings.directDatabaseURL = try source.text("database.direct.url").map(Secret.init)
        settings.preparesStatements = try source.flag("database.prepared") ?? settings.preparesStatements
        settings.doorConnections = try source.number("database.doors", in: 1...64) ?? settings.doorConnections
        settings.workerConnections =
            try source.number("database.worker", in: 1...64) ?? settings.workerConnections
        settings.lanes = try source.number("lanes", in: 1...64) ?? settings.lanes
        settings.host = try source.text("host") ?? settings.host
        settings.port = try source.number("port", in: 0...65535) ?? settings.port
        settings.metricsPort = try source.number("metrics.port", in: 0...65535)
        settings.installationKey = try source.text("installation.key").map(Secret.init)
        if let name = try source.text("log.level") {
            guard let level = Logger.Level(rawValue: name) else {
                let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure.badUsage("log.level is \(name), and has to be one of \(levels)")
            }
            settings.logLevel = level
        }
        if let proxies = try source.text("trusted.proxies") {
            settings.trustedProxies = try trustedProxies(proxies)
        }
        try settings.readBounds(source)
        return settings
    }

    private static func trustedProxies(_ text: String) throws(CommandFailure) -> [NetworkPrefix] {
        var networks: [NetworkPrefix] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = part.trimmingCharacters(in: .whitespaces)
            do throws(NetworkPrefix.Problem) {
                networks.append(try NetworkPrefix(parsing: part))
            } catch {
                throw .badUsage("trusted.proxies: \"\(part)\" \(error)")
            }
        }
        guard networks.allSatisfy({ $0.length > 0 }) else {
            throw .badUsage(
                "trusted.proxies holds every address there is, so that anybody could say where they come from; name "
                    + "your own proxies")
        }
        return networks
    }

    private mutating func readBounds(_ source: SettingsSource) throws {
        connections = try source.number("connections", in: 1...1_000_000) ?? connections
        connectionsPerAddress =
            try source.number("connections.per.address", in: 1...1_000_000) ?? connectionsPerAddress
        headSeconds = try source.number("seconds.head", in: 1...3_600) ?? headSeconds
        bodySeconds = try source.number("seconds.body", in: 1...3_600) ?? bodySeconds
        idleSeconds = try source.number("seconds.idle", in: 1...86_400) ?? idleSeconds
        writesRequestLog = try source.flag("request.log.written") ?? writesRequestLog
        requestLogDays = try source.number("request.log.days", in: 1...3_650) ?? requestLogDays
        deliverySeconds = try source.number("delivery.seconds", in: 60...86_400) ?? deliverySeconds
        runsJobs = try source.flag("jobs") ?? runsJobs
        guard let text = try source.text("unknown.keys") else { return }
        guard let limit = RateLimit(text) else {
            throw CommandFailure.badUsage("unknown.keys is \(text), and has to be like 600/1m, or off")
        }
        unknownKeys = limit
    }

    /// Throws `CommandFailure.badUsage` where what serves or works would run behind a pgbouncer with no way past it.
    ///
    /// There a session is shared: the engine's role and settings, and what a listener listens for, would be those of
    /// whoever had it last.
    func requireSessionsOfOnesOwn() throws(CommandFailure) {
        guard databaseURL != nil, !preparesStatements, directDatabaseURL == nil else { return }
        throw .badUsage(
            "database.prepared is false, so database.url is a pgbouncer, but database.direct.url is not set: purchases "
                + "and notifications need sessions of their own. Set TOLLGATE_DATABASE_DIRECT_URL to the server past it"
        )
    }
}
