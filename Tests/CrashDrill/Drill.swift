internal import Foundation
internal import Primitives

/// Load, a kill at a random moment, a restart, an inspection; again and again.
public struct Drill {
    /// What is killed with -9; only one is told to stop.
    public enum Victim: String, CaseIterable, Sendable {
        case server, worker, backend, postmaster
        case allOfPostgres = "all of PostgreSQL"
        case serverAndPostgres = "server and PostgreSQL"
        case stoppedServer = "server, told to stop"
    }

    public struct Options: Sendable {
        /// The binary that is killed.
        public var program: String
        public var kills = 300
        public var seed: UInt64 = 1
        public var clients = 24
        /// After how many kills every invariant is checked.
        public var verifyEvery = 25
        /// Slots on each large network of each tenant.
        public var ports = 12_000
        /// The longest load before and after a kill, in milliseconds.
        public var loadMilliseconds: UInt64 = 200
        /// Where the cluster is made, and removed again.
        public var parent = "/tmp"

        public init(program: String) {
            self.program = program
        }
    }

    private let options: Options
    private let say: @Sendable (String) -> Void
    private var random: SplitMix64
    private var report: DrillReport

    public init(_ options: Options, say: @escaping @Sendable (String) -> Void = { _ in }) {
        self.options = options
        self.say = say
        random = SplitMix64(seed: options.seed)
        report = DrillReport(options)
    }

    /// Runs on the calling thread; throws only where the drill itself could not go on.
    public mutating func run() throws -> DrillReport {
        let folder = try DrillFolder(in: options.parent)
        defer { folder.discard() }
        var setting = DrillSite.Setting(program: options.program)
        setting.seed = options.seed
        setting.clients = options.clients
        setting.ports = options.ports
        let site = try DrillSite(setting, in: folder)
        defer { site.load.finish() }
        let start = RunningTime.shared.seconds
        for kill in 1...options.kills {
            try round(victim(kill), site)
            if kill % options.verifyEvery == 0 {
                try site.verify()
                say(
                    "\(kill) kills, \(site.notebook.count) commands, \(site.notebook.findings.count) findings"
                )
            }
        }
        try site.close()
        report.seconds = RunningTime.shared.seconds - start
        report.take(site)
        return report
    }

    /// A third each for server, worker and PostgreSQL, in turn so that few kills reach all of them; how is random.
    private mutating func victim(_ kill: Int) -> Victim {
        switch kill % 3 {
        case 1:
            switch random.next() % 8 {
            case 0: return .serverAndPostgres
            case 1: return .stoppedServer
            default: return .server
            }
        case 2: return .worker
        default: return [.backend, .postmaster, .allOfPostgres][Int(random.next() % 3)]
        }
    }

    private mutating func round(_ victim: Victim, _ site: DrillSite) throws {
        site.load.start()
        rest()
        let began = Date()
        switch victim {
        case .server:
            try site.tollgate.server?.kill9()
            rest(atMost: 60)
            try restart(.server) {
                try site.tollgate.startServer()
                try site.firstAnswer()
            }
        case .worker:
            try site.tollgate.worker?.kill9()
            // Meanwhile what is in stock is sold.
            rest()
            try restart(.worker) {
                try site.tollgate.startWorker()
                try site.workerAnswer(since: began)
            }
        case .backend:
            try site.cluster.killBackend()
            try restart(.backend) { try site.firstAnswer() }
        case .postmaster:
            try site.cluster.killPostmaster()
            try restart(.postmaster) { try Self.again(site) }
        case .allOfPostgres:
            try site.cluster.killAll()
            try restart(.allOfPostgres) { try Self.again(site) }
        case .serverAndPostgres:
            try site.cluster.killAll()
            try site.tollgate.server?.kill9()
            try restart(.serverAndPostgres) {
                try site.cluster.start()
                try site.tollgate.startServer()
                try site.firstAnswer()
            }
        case .stoppedServer:
            try site.stopServer()
            try restart(.stoppedServer) {
                try site.tollgate.startServer()
                try site.firstAnswer()
            }
        }
        report.kills[victim, default: 0] += 1
        rest()
        try site.inspect()
    }

    private static func again(_ site: DrillSite) throws {
        try site.cluster.start()
        try site.firstAnswer()
    }

    private mutating func restart(_ victim: Victim, _ body: () throws -> Void) rethrows {
        report.restarts[victim, default: []].append(try timed(body))
    }

    /// The load goes on for a random while.
    private mutating func rest(atMost milliseconds: UInt64? = nil) {
        let longest = milliseconds ?? options.loadMilliseconds
        Thread.sleep(forTimeInterval: Double(5 + random.next() % longest) / 1000)
    }
}
