internal import ArgumentParser

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run everything in one process: PostgreSQL, doors, engine and worker.",
        discussion: """
            Prints `ready http://HOST:PORT` once it serves, and runs until SIGTERM or SIGINT. The data directory is \
            made on first start; after kill -9 the next start recovers.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var listening: ListeningOptions

    @Option(help: "A catalogue file to apply before serving.")
    var apply: String?

    func run() async throws {
        let settings = try await common.settings(listening.flags)
        let purpose = DatabaseAccess.Purpose(command: "up", mustRunServer: true, mayCreate: true)
        let catalogue = try apply.map(CatalogueFile.init)
        try await Installation.serve([.doors, .worker], settings, purpose) { installation in
            _ = try await Schema.migrate(installation.owner, now: installation.clock.now())
            guard let catalogue else { return .atOnce }
            let report = try await catalogue.apply(to: installation, ApplyOptions())
            // Keys that were made are shown this once, so they must not get lost in a log.
            if !report.generatedKeys.isEmpty { Terminal.complain(report.text) }
            return report.createdCount > 0 ? .onceStocked : .atOnce
        } onListening: { port in
            listening.announce(settings, port)
        }
    }
}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the doors and the engine behind them; `work` runs the rest."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var listening: ListeningOptions

    func run() async throws {
        let settings = try await common.settings(listening.flags)
        try await Installation.serve(.doors, settings, .init(command: "serve")) { installation in
            try await Schema.requireCurrent(installation.owner)
            return .atOnce
        } onListening: { port in
            listening.announce(settings, port)
        }
    }
}

struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work", abstract: "Run the worker that keeps slots in stock and gateways in agreement.",
        discussion: """
            With --metrics-port it serves /metrics and /health on 127.0.0.1, and prints `metrics \
            http://127.0.0.1:PORT/metrics` once it does.
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(help: "Serve metrics on this port of 127.0.0.1; 0 takes a free one (default: do not).")
    var metricsPort: String?

    func run() async throws {
        let settings = try await common.settings(["metrics.port": metricsPort])
        try await Installation.serve(.worker, settings, .init(command: "work")) { installation in
            try await Schema.requireCurrent(installation.owner)
            return .atOnce
        } onListening: { port in
            Terminal.say("metrics http://127.0.0.1:\(port)/metrics")
        }
    }
}

/// Where HTTP is served.
struct ListeningOptions: ParsableArguments {
    @Option(help: "The address to listen on (default: 127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on; 0 takes a free one (default: 8080).")
    var port: String?

    var flags: [String: String?] { ["host": host, "port": port] }

    /// The line that scripts wait for.
    func announce(_ settings: Settings, _ port: Int) {
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        Terminal.say("ready http://\(host):\(port)")
    }
}
