import Foundation
import Metrics
import Primitives
import TestSupport
import Testing

@testable import Server

/// Prometheus' own Python client reads what we render: `make test` installs it into .venv.
@Suite("Metrics, as Prometheus reads them", .database)
struct PrometheusParserTests {
    private static let script = """
        import json, sys
        from prometheus_client.parser import text_string_to_metric_families as parse
        print(json.dumps({f.name: {"type": f.type, "samples": [
            [s.name, dict(sorted(s.labels.items())), str(float(s.value))] for s in f.samples]}
            for f in parse(sys.stdin.read())}))
        """

    @Test func `the metrics page is read as it was meant`() async throws {
        let world = try await DoorWorld(try #require(TestDatabase.current))
        Counter(label: "odd", dimensions: [("text", "a\"b\\c\nd")], factory: world.metrics).increment()
        for target in [
            "/t/alba/proxaro/things", "/t/brio/proxaro/things", "/t/alba/proxaro/nothing", "/health",
        ] {
            _ = try await world.ask(.get, target)
        }
        let page = try await world.ask(.get, "/metrics")
        #expect(page.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")

        let families = try JSON.parse(try Self.parsed(page.body).utf8)

        #expect(families["odd"]?["samples"] == [["odd_total", ["text": "a\"b\\c\nd"], "1.0"]])
        let requests = try #require(families["tollgate_http_requests"]?["samples"]?.arrayValue)
        #expect(families["tollgate_http_requests"]?["type"] == "counter")
        #expect(
            requests.contains([
                "tollgate_http_requests_total",
                ["dialect": "proxaro", "route": "things.list", "status": "2xx"],
                "2.0",
            ]))
        #expect(
            requests.contains([
                "tollgate_http_requests_total", ["dialect": "proxaro", "route": "unknown", "status": "4xx"],
                "1.0",
            ]))
        #expect(families["tollgate_http_request_seconds"]?["type"] == "histogram")
    }

    private static func parsed(_ text: String) throws -> String {
        let python = Process()
        python.executableURL = URL(filePath: "\(TestPaths.repository)/.venv/bin/python")
        python.arguments = ["-c", script]
        let (input, output) = (Pipe(), Pipe())
        python.standardInput = input
        python.standardOutput = output
        do {
            try python.run()
        } catch {
            Issue.record(
                "there is no .venv with prometheus_client: `make test` makes it (Tests/requirements.txt)")
            throw error
        }
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0, "prometheus_client could not read the page: is it in .venv?")
        return String(decoding: data, as: UTF8.self)
    }
}
