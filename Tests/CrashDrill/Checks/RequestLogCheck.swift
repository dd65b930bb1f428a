internal import Postgres
internal import Primitives

/// Holds the request log against the requests that were answered.
struct RequestLogCheck {
    let connection: Connection
    let notebook: Notebook
    let tally: Tally

    /// A server that was told to stop has written every request that it answered; one that was killed has not written
    /// the last ones, and nobody is twice in the log.
    func run() throws {
        let logged = try names()
        var seen: Set<String> = []
        for name in logged where !seen.insert(name).inserted {
            notebook.find("\(name): twice in the request log")
        }
        for (number, process) in notebook.requests.processes.enumerated() {
            let missing = process.answered.filter { !seen.contains("drill-\($0)") }
            switch process.ending {
            case .stopped:
                tally.loggedByStopped += process.answered.count
                guard !missing.isEmpty else { continue }
                notebook.find("\(missing.count) requests that server \(number) answered are not in its log")
            case .killed:
                tally.answeredByKilled += process.answered.count
                tally.unloggedByKilled += missing.count
            }
        }
    }

    /// What `GET /logs` shows of every account, to the end of what is there, is what the table holds.
    func pages(_ shop: DrillShop, port: UInt16) throws {
        // The reading itself is logged: it ends where it began.
        let row = try connection.query("SELECT max(recorded_at) FROM request_log")[0]
        guard let end: Instant = try row.get(0) else { return notebook.find("nothing is logged") }
        for customer in shop.customers.flatMap({ $0 }) {
            let held = try connection.query(
                """
                SELECT log.request_id FROM request_log AS log
                JOIN customers ON (customers.tenant_id, customers.id) = (log.tenant_id, log.customer_id)
                WHERE customers.email = \(customer.email) AND log.recorded_at <= \(end)
                ORDER BY log.id DESC
                """
            ).map { row -> String in try row.get(0) }
            let http = HTTPConnection(port: port, deadlineSeconds: 20, book: notebook.requests)
            if shown(customer, until: end, http) != held {
                notebook.find("\(customer.email): the log's pages differ from the log")
            }
        }
    }

    private func names() throws -> [String] {
        try connection.query("SELECT request_id FROM request_log").map { try $0.get(0) }
    }

    private func shown(
        _ customer: DrillShop.Customer, until end: Instant, _ http: HTTPConnection
    ) -> [String]? {
        var shown: [String] = []
        var cursor = ""
        while true {
            let target = "/logs?limit=200&until=\(end.rfc3339())\(cursor)"
            guard let (status, body) = http.readService(target, customer), status == 200,
                let data = try? JSON.parse(body)["data"], let page = data["logs"]?.arrayValue
            else { return nil }
            shown += page.compactMap { $0["request_id"]?.stringValue }
            guard let next = data["next_cursor"]?.stringValue else { return shown }
            cursor = "&cursor=\(next)"
        }
    }
}
