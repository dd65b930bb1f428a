internal import Foundation
internal import Postgres

/// Others have taken all of PostgreSQL's connections when the server has to connect: again, or for the first time.
enum NoConnectionsLeft {
    static func run(_ given: DrillSite.Setting, _ folder: DrillFolder) throws -> ([String], DrillSite) {
        var setting = given
        setting.postgresSettings = ["max_connections=24"]
        setting.clientDeadlineSeconds = 30
        let site = try DrillSite(setting, in: folder)
        var lines: [String] = []
        site.work(seconds: 0.3)

        let before = site.troubleTold
        var greedy = try takeAll(site, cutting: true)
        try waitUntil("an answer that tells of it", seconds: 60) { site.troubleTold > before }
        for connection in greedy { connection.close() }
        let milliseconds = try timed { try site.firstAnswer() }
        try site.inspect()
        lines.append(
            "reconnecting: \(site.troubleTold - before) answers of 503, first answer \(Int(milliseconds)) ms after there "
                + "were connections again")

        try site.tollgate.server?.kill9()
        try site.tollgate.worker?.kill9()
        greedy = try takeAll(site, cutting: false)
        try site.tollgate.startServer()
        guard let server = site.tollgate.server else { throw DrillProblem("no server") }
        let said = server.lastWords(200).count
        try waitUntil("the end of a server that cannot connect", seconds: 60) { server.hasEnded }
        let words = String(server.lastWords(200).dropFirst(said))
        if server.status != 1 { site.notebook.find("starting: serve ended with \(server.status)") }
        if !words.contains("too many") && !words.contains("connection slots") {
            site.notebook.find("starting: serve did not say why: \(words)")
        }
        for connection in greedy { connection.close() }
        lines.append("starting: serve ended with \(server.status) and said why")
        let again = try timed {
            try site.tollgate.startServer()
            try site.tollgate.startWorker()
            try site.firstAnswer()
        }
        lines.append("started again when they were free: first answer after \(Int(again)) ms")
        site.work(seconds: 0.3)
        try site.inspect()
        try site.close()
        return (lines, site)
    }

    /// Opens connections until there are no more; `cutting` ends those of server and worker, and takes theirs too.
    private static func takeAll(_ site: DrillSite, cutting: Bool) throws -> [Connection] {
        var configuration = site.cluster.configuration(database: "postgres")
        configuration.applicationName = "greedy"
        var taken = [try Connection(configuration)]
        let deadline = ContinuousClock.now + .seconds(10)
        var refusedInARow = 0
        while refusedInARow < 3 && ContinuousClock.now < deadline {
            if let connection = try? Connection(configuration) {
                taken.append(connection)
                refusedInARow = 0
            } else {
                refusedInARow += 1
            }
            if cutting { _ = try? taken[0].query(endOfOthers) }
        }
        return taken
    }

    private static let endOfOthers: Statement = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name = 'tollgate' AND backend_type = 'client backend'
        """
}
