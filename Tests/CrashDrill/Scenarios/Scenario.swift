internal import Foundation

/// Trouble that has a name: what is done to a site under load, and what has to come of it.
public enum Scenario: String, CaseIterable, Sendable {
    case fullDisk = "full-disk"
    case fullLogDisk = "full-log-disk"
    case refusedFsync = "refused-fsync"
    case pausedPostgres = "paused-postgres"
    case noConnectionsLeft = "no-connections-left"
    case wrongClock = "wrong-clock"

    public struct Options: Sendable {
        public var program: String
        public var seed: UInt64 = 1
        public var clients = 12
        public var parent = "/tmp"
        /// How long PostgreSQL is paused, in seconds.
        public var pauseSeconds = 60.0

        public init(program: String) {
            self.program = program
        }
    }

    /// Whether this machine lets us make the trouble; why not, otherwise.
    public var obstacle: String? {
        switch self {
        case .fullDisk, .fullLogDisk: geteuid() == 0 ? nil : "mounting a small file system takes root"
        case .refusedFsync, .wrongClock: Shim.compiler == nil ? "there is no C compiler" : nil
        case .pausedPostgres, .noConnectionsLeft: nil
        }
    }

    /// Runs on the calling thread; throws only where the drill itself could not go on.
    public func run(_ options: Options) throws -> ScenarioReport {
        if let obstacle { return ScenarioReport(self, options.seed, lines: ["not run: \(obstacle)"]) }
        let folder = try DrillFolder(in: options.parent)
        defer { folder.discard() }
        var setting = DrillSite.Setting(program: options.program)
        setting.seed = options.seed
        setting.clients = options.clients
        let lines =
            switch self {
            case .fullDisk: try FullDisk.run(setting, folder)
            case .fullLogDisk: try FullDisk.runForLog(setting, folder)
            case .refusedFsync: try RefusedFsync.run(setting, folder)
            case .pausedPostgres: try PausedPostgres.run(setting, folder, seconds: options.pauseSeconds)
            case .noConnectionsLeft: try NoConnectionsLeft.run(setting, folder)
            case .wrongClock: try WrongClock.run(setting, folder)
            }
        return ScenarioReport(self, options.seed, lines: lines.0, site: lines.1)
    }
}

/// What a scenario has found.
public struct ScenarioReport: Sendable, CustomStringConvertible {
    public let scenario: Scenario
    public let lines: [String]
    public private(set) var acknowledged = 0
    public private(set) var findings: [String] = []
    private let seed: UInt64

    public var isGood: Bool { findings.isEmpty }

    init(_ scenario: Scenario, _ seed: UInt64, lines: [String], site: DrillSite? = nil) {
        self.scenario = scenario
        self.seed = seed
        guard let site else {
            self.lines = lines
            return
        }
        let notes = site.notebook.notes
        acknowledged = notes.count(where: \.isDone)
        findings = site.notebook.findings + site.wordsOfServer()
        let told = site.notebook.statuses.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }
        self.lines =
            lines + [
                "commands \(notes.count): acknowledged \(acknowledged), lost \(site.tally.lost), "
                    + "half \(site.tally.half), slots lent twice \(site.notebook.slotsLentTwice)",
                "replies: " + told.joined(separator: ", "),
            ]
    }

    public var description: String {
        let verdict =
            findings.isEmpty ? ["nothing is wrong"] : ["\(findings.count) FINDINGS:"] + findings.prefix(40)
        return "\(scenario.rawValue), seed \(seed)\n"
            + (lines + verdict).map { "  \($0)" }.joined(separator: "\n")
    }
}

extension DrillSite {
    /// Load for a while.
    func work(seconds: Double) {
        load.start()
        Thread.sleep(forTimeInterval: seconds)
    }

    /// How often the server has said that nothing was done, or that nobody knows.
    var troubleTold: Int {
        notebook.statuses.filter { $0.key.hasPrefix("5xx") }.values.reduce(0, +)
    }

    /// What PostgreSQL has logged so often.
    func logged(_ words: String) -> Int {
        let log = (try? String(contentsOfFile: cluster.log, encoding: .utf8)) ?? ""
        return log.components(separatedBy: words).count - 1
    }
}
