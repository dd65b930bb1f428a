import Foundation
import Metrics
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Metrics, as Prometheus reads them", .database)
struct PrometheusParserTests {
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

        let families = try PrometheusParser.families(of: page.body)

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
}
