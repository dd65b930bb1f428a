internal import Foundation
internal import Postgres

/// Everything one drill stands on: a cluster, the program's processes, clients, and their memory.
///
/// Driven by one thread; clients have threads of their own and share only the notebook and the switch.
final class DrillSite {
    let folder: DrillFolder
    let cluster: Cluster
    let tollgate: Tollgate
    let notebook = Notebook()
    let load = LoadSwitch()
    let shop: DrillShop
    private let clients: EndCount
    private var probes = 0
    private let probe: HTTPConnection
    private(set) var inspected = 0
    let tally = Tally()
    private var book = ServiceBook()

    struct Setting {
        var program: String
        var seed: UInt64 = 1
        var clients = 16
        /// Slots on each large network.
        var ports = 1_000
        /// How long a client waits for an answer.
        var clientDeadlineSeconds = 20
        var data: String?
        var walDirectory: String?
        var postgresSettings: [String] = []
        var postgresEnvironment: [String: String] = [:]
        var serverEnvironment: [String: String] = [:]
    }

    /// Starts everything and returns when a purchase has been answered; clients rest until `load.start()`.
    init(_ setting: Setting, in folder: DrillFolder) throws {
        self.folder = folder
        cluster = try Cluster(
            folder, data: setting.data, walDirectory: setting.walDirectory,
            settings: setting.postgresSettings,
            environment: setting.postgresEnvironment)
        try cluster.start()
        try cluster.createDatabase()
        tollgate = try Tollgate(setting.program, folder, conninfo: cluster.conninfo)
        tollgate.extraEnvironment = setting.serverEnvironment
        tollgate.onServerStart = { [notebook] in notebook.requests.startProcess() }
        try tollgate.mustRun("migrate")
        let catalogue = folder.path + "/catalogue.yaml"
        try DrillShop.catalogue(ports: setting.ports).write(
            toFile: catalogue, atomically: true, encoding: .utf8)
        try tollgate.mustRun("apply", catalogue)
        let connection = try Connection(cluster.configuration())
        defer { connection.close() }
        try connection.execute(RowReader.indexes)
        shop = try DrillShop(connection)
        probe = HTTPConnection(port: tollgate.port, deadlineSeconds: 5, book: notebook.requests)
        clients = EndCount()
        try tollgate.startWorker()
        try tollgate.startServer()
        try waitUntil("stock", seconds: 240) {
            try connection.query("SELECT count(*) FROM slots WHERE state <> 'ready'")[0].get(0) == 0
                && connection.query("SELECT count(*) > \(setting.ports) FROM slots")[0].get(0)
        }
        for number in 0..<setting.clients { startClient(number, setting) }
        try firstAnswer()
    }

    private func startClient(_ number: Int, _ setting: Setting) {
        let customers = shop.customers.flatMap { $0 }
        let client = ThreadBound(
            Client(
                number: number, customer: customers[number % customers.count], shop: shop, notebook: notebook,
                port: tollgate.port, seed: setting.seed, deadlineSeconds: setting.clientDeadlineSeconds))
        clients.begin()
        let thread = Thread { [load, clients] in
            client.value.run(load)
            clients.end()
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Buys until there is an answer: the first proof that all of it works again.
    func firstAnswer(seconds: Double = 60) throws {
        probes += 1
        let command = DrillCommand(
            .purchase(plan: shop.plans[0][1], quantity: 1, repeatCount: 1, discountPercent: 0),
            key: "probe-\(probes)")
        let number = notebook.begin(command, shop.customers[0][0])
        let note = notebook.note(number)
        try waitUntil("a first answer", seconds: seconds) {
            try supervise()
            switch notebook.take(probe.ask(note), for: number) {
            // Sold out is an answer too: somebody has looked.
            case .done, .refused: return true
            case .nothing: return false
            }
        }
    }

    /// Nothing ends by itself: neither server nor worker may give up because PostgreSQL is away.
    func supervise() throws {
        for ended in try tollgate.restartWhatEnded() { notebook.find(ended) }
    }

    /// Stops the load, holds everything that clients were told since the last time against the rows, and asks again.
    func inspect() throws {
        load.pause()
        try supervise()
        let connection = try waitFor("a connection for the inspection") {
            try? Connection(cluster.configuration())
        }
        defer { connection.close() }
        var inspection = inspection(connection)
        try inspection.run(from: inspected)
        book = inspection.book
        inspected = notebook.count
        try agree(connection)
        try inspection.totals()
    }

    /// Gateways catch up with what was sold while the worker was away.
    private func agree(_ connection: Connection) throws {
        do {
            try waitUntil("agreement of all gateways", seconds: 30) {
                try connection.query(Self.gatewaysBehind)[0].get(0) == 0
            }
        } catch let problem as DrillProblem {
            notebook.find("\(problem)")
        }
    }

    /// The worker's first sign of life after a start.
    func workerAnswer(since start: Date) throws {
        let connection = try Connection(cluster.configuration())
        defer { connection.close() }
        let milliseconds = Int64(start.timeIntervalSince1970 * 1000)
        try waitUntil("the worker at work") {
            try supervise()
            return try connection.query(
                """
                SELECT COALESCE(bool_or(observed_at >= to_timestamp(\(Double(milliseconds) / 1000))), false)
                FROM gateway_states
                """)[0].get(0)
        }
    }

    /// Every invariant, by the program itself.
    func verify() throws {
        let result = try tollgate.run("verify")
        tally.verified += 1
        if result.status != 0 { notebook.find("verify: \(result.words)") }
    }

    /// What the server has logged of requests that failed, for a reader of findings.
    func wordsOfServer() -> [String] {
        guard !notebook.findings.isEmpty else { return [] }
        let log = (try? String(contentsOfFile: folder.path + "/serve.log", encoding: .utf8)) ?? ""
        let lines = log.split(separator: "\n").filter {
            $0.contains("\"level\":\"error\"") && !$0.contains("\"status\":503")
                && !$0.contains("a group failed")
        }
        return lines.suffix(12).map { "serve: \($0.prefix(900))" }
    }

    /// Ends the load and the processes in order; what was not asked yet is asked.
    func close() throws {
        try inspect()
        let connection = try Connection(cluster.configuration())
        defer { connection.close() }
        var inspection = inspection(connection)
        try inspection.askAllAgain()
        try inspection.lists()
        load.finish()
        try clients.wait()
        try verify()
        try stopServer()
        try tollgate.startServer()
        let log = RequestLogCheck(connection: connection, notebook: notebook, tally: tally)
        try log.pages(shop, port: tollgate.port)
        try stopServer()
        try log.run()
        try stop("work", tollgate.worker)
        connection.close()
        try cluster.stop()
    }

    /// Tells the server to stop; from now on it is held to every entry of its request log.
    func stopServer() throws {
        if try stop("serve", tollgate.server) { notebook.requests.stopped() }
    }

    /// Whether it has ended in order.
    @discardableResult
    private func stop(_ name: String, _ process: ChildProcess?) throws -> Bool {
        let status = try process?.stop() ?? 0
        if status != 0 { notebook.find("\(name) ended with \(status): \(process?.lastWords() ?? "")") }
        return status == 0
    }

    private func inspection(_ connection: Connection) -> Inspection {
        Inspection(
            connection: connection, notebook: notebook, port: tollgate.port, tally: tally, shop: shop,
            book: book)
    }

    private static let gatewaysBehind: Statement = """
        SELECT count(*)
        FROM gateways AS gateway
        LEFT JOIN gateway_states AS state
               ON (state.tenant_id, state.gateway_id) = (gateway.tenant_id, gateway.id)
        WHERE gateway.active
          AND (state.gateway_id IS NULL OR state.applied_version < gateway.desired_version OR NOT state.healthy)
        """
}

/// What the drill has counted.
final class Tally {
    var committedUnacknowledged = 0
    var uncommittedUnacknowledged = 0
    var unansweredByClients = 0
    var refusedWhenAskedAgain = 0
    var askedAgain = 0
    var lost = 0
    var twice = 0
    var half = 0
    var inspections = 0
    var verified = 0
    /// Requests that servers had answered when they were told to stop: all of them are logged.
    var loggedByStopped = 0
    var answeredByKilled = 0
    var unloggedByKilled = 0
}

/// A value that one thread makes and another one takes over.
struct ThreadBound<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// Counts threads out.
final class EndCount: @unchecked Sendable {
    private let condition = NSCondition()
    private var running = 0

    func begin() {
        condition.lock()
        running += 1
        condition.unlock()
    }

    func end() {
        condition.lock()
        running -= 1
        condition.broadcast()
        condition.unlock()
    }

    func wait() throws {
        condition.lock()
        defer { condition.unlock() }
        let limit = Date(timeIntervalSinceNow: 60)
        while running > 0 {
            guard condition.wait(until: limit) else { throw DrillProblem("\(running) clients do not end") }
        }
    }
}
