import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("A job while up is told to stop", .serialized)
struct InterruptedJobTests {
    private static let key = "rk_test_ann0000000000000000000000000000000000000"
    /// More than the two batches of 512 that are charged at once.
    private static let count = 1_100

    /// A sandbox's gateway offers 200 ports.
    private static let catalogue = """
        tenants:
          - slug: alba
            name: Alba
            currency: USD
            sandbox: true
            sandbox_balance: "5000.00 USD"
            networks: [{code: NL, city: Amsterdam, country: NL, type: mobile}]
            gateways:
        \((0..<6).map { gateway in
            "      - {name: g\(gateway), network: NL, host: 10.0.0.\(gateway), ports: 12001-12200, protocols: [http]}"
        }.joined(separator: "\n"))
            plans:
              - {code: nl, name: NL, product: proxy, connection: private, network: NL, duration: 30d, price: "1.00 USD",
                 auto_renew: true, sells_in: [gate]}
            customers: [{email: ann@example.com, username: ann, keys: [{dialect: gate, key: \(key), rate_limit: off}]}]
        """

    /// An order waits in its transaction for as long as the door is shut.
    private static let shutDoor = """
        CREATE TABLE shut_door (shut boolean NOT NULL);
        INSERT INTO shut_door VALUES (true);
        GRANT SELECT ON shut_door TO PUBLIC;
        CREATE FUNCTION wait_at_the_door() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
        BEGIN
            WHILE (SELECT shut FROM shut_door) LOOP PERFORM pg_sleep(0.01); END LOOP;
            RETURN NULL;
        END $$;
        CREATE TRIGGER wait_at_the_door AFTER INSERT ON orders FOR EACH STATEMENT EXECUTE FUNCTION wait_at_the_door()
        """

    @Test
    func
        `its run is recorded as interrupted after the batch under way, and the next one does the rest, once`()
        async throws
    {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            let first = try RunningTollgate(
                ["up", "--data", data, "--apply", file], output: "\(folder)/first.out",
                environment: ["TOLLGATE_JOBS": "false"])
            try await buy(at: "\(try await first.ready())/t/alba/gate/api/proxy")
            // A month later, what no gateway has opened would be given back instead.
            try await eventually("every port is open", within: .seconds(120)) {
                try gatewaysBehind(data) == 0
            }
            let moved = try await Tollgate.run(
                "clock", "advance", "--tenant", "alba-sandbox", "--by", "\(30 * 24 * 60 - 30)m", "--data",
                data)
            #expect(moved.status == 0, "\(moved)")
            try ask(data) { try $0.execute(Self.shutDoor) }
            #expect(try await first.end(SIGTERM) == 0)

            let log = "\(folder)/second.log"
            let second = try RunningTollgate(
                ["up", "--data", data, "--log-level", "debug"], output: "\(folder)/second.out", log: log)
            _ = try await second.ready()
            try await eventually("a group waits at the door", within: .seconds(60)) { try atTheDoor(data) }
            kill(second.process.processIdentifier, SIGTERM)
            try await eventually("the jobs are told to stop", within: .seconds(60)) {
                try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").contains {
                    $0.contains("Triggering graceful shutdown for service") && $0.contains("JobService")
                }
            }
            try ask(data) { try $0.execute("UPDATE shut_door SET shut = false") }
            try await eventually("the end of up", within: .seconds(60)) { !second.process.isRunning }
            #expect(second.process.terminationStatus == 0)
            try await checkRuns(data)
        }
    }

    private func checkRuns(_ data: String) async throws {
        let listed = try await Tollgate.run("job", "list", "--json", "--data", data)
        let runs = try #require(try JSON.parse(listed.output.utf8).arrayValue).filter {
            $0["job"] == "renewals"
        }
        #expect(runs.count == 1 && runs.first?["state"] == "interrupted", "\(listed.output)")
        let before = try await renewed(data)
        // The batches that were under way, but not the third.
        #expect(before > 0 && before <= 1_024, "\(before)")

        let again = try await Tollgate.run("job", "renewals", "--data", data)
        let rest = Self.count - before
        #expect(again.output == "renewals: due \(rest), renewed \(rest)\n", "\(again)")
        let nothing = try await Tollgate.run("job", "renewals", "--data", data)
        #expect(nothing.output == "renewals: nothing to do\n", "\(nothing)")
        #expect(try await renewed(data) == Self.count)
        let shown = try await Tollgate.run(
            "customer", "show", "ann", "--tenant", "alba-sandbox", "--data", data)
        #expect(shown.output.contains("\(5_000 - 2 * Self.count).00 USD"), "\(shown)")
        let verified = try await Tollgate.run("verify", "--data", data)
        #expect(verified.status == 0, "\(verified)")
    }

    /// Subscriptions with a second period, counted while somebody runs the server.
    private func renewed(_ data: String) async throws -> Int {
        let server = try await EmbeddedPostgres.start(data, purpose: "a test")
        let count = try server.ask("SELECT count(*) FROM terms WHERE period_index = 1", as: Int.self)
        await server.stop()
        return count
    }

    private func gatewaysBehind(_ data: String) throws -> Int {
        try ask(data) { connection in
            try connection.query(
                """
                SELECT count(*) FROM gateways g
                LEFT JOIN gateway_states s ON s.tenant_id = g.tenant_id AND s.gateway_id = g.id
                WHERE g.desired_version > coalesce(s.applied_version, 0)
                """)[0].get(0)
        }
    }

    private func atTheDoor(_ data: String) throws -> Bool {
        try ask(data) { connection in
            try connection.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0].get(
                0)
                as Int > 0
        }
    }

    /// On a connection of its own, to the server that `up` runs.
    private func ask<T>(_ data: String, _ body: (Connection) throws -> T) throws -> T {
        let socket = try #require(SocketDirectory.noted(DataDirectory(data)))
        let connection = try Connection(
            PostgresConfiguration(conninfo: "host=\(socket) user=tollgate dbname=tollgate"))
        defer { connection.close() }
        return try body(connection)
    }

    private func buy(at url: String) async throws {
        var request = request(url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        let listed = try await answer(to: self.request("\(url)?op=plans")).1
        let plan = try #require(listed["plans"]?.arrayValue?.first?["id"]?.stringValue)
        request.body = .bytes(
            ByteBuffer(string: #"{"op":"purchase","planId":"\#(plan)","quantity":100}"#))
        for _ in 0..<(Self.count / 100) {
            try await eventually("a hundred ports on the shelf", within: .seconds(90)) {
                try await answer(to: request).0 == .ok
            }
        }
    }

    private func answer(to request: HTTPClientRequest) async throws -> (HTTPResponseStatus, JSON) {
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return (answer.status, try JSON.parse(Array(buffer: try await answer.body.collect(upTo: 1 << 22))))
    }

    private func request(_ url: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "x-api-key", value: Self.key)
        return request
    }
}
