import AsyncHTTPClient
import Foundation
import Primitives
import TestSupport
import Testing

@testable import Server

/// `tollgate work` serves nobody, so it shows its numbers at a door of its own.
@Suite("Metrics of a process that works", .database)
struct WorkMetricsTests {
    private static let catalogue = """
        tenants:
          - {slug: alba, name: Alba, currency: USD}
          - {slug: brio, name: Brio, currency: JPY}
        """

    @Test func `its metrics are served on request, on its own machine, and nothing else is`() async throws {
        let database = try #require(TestDatabase.current)
        try await withEmbeddedFolder { folder in
            let environment = Tollgate.environment(on: database)
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            #expect(try await Tollgate.run("apply", file, environment: environment).status == 0)
            let work = try RunningTollgate(
                ["work"], output: "\(folder)/work.out", port: "--metrics-port", environment: environment)
            let address = try await work.ready("metrics")
            let server = try #require(address.wholeMatch(of: /(http:\/\/127\.0\.0\.1:\d+)\/metrics/)).output.1

            try await eventually("both jobs of the minute in the metrics") {
                let (status, text) = try await Self.get(address)
                #expect(status == 200)
                let families = try PrometheusParser.families(of: text)
                let runs = families["tollgate_job_runs"]?["samples"]?.arrayValue ?? []
                return ["renewals", "expiry"].allSatisfy { job in
                    runs.contains([
                        "tollgate_job_runs_total", ["name": .string(job), "state": "done"], "1.0",
                    ])
                }
            }
            let (_, text) = try await Self.get(address)
            let families = try PrometheusParser.families(of: text)
            #expect(families["tollgate_engine_queue_depth"]?["type"] == "gauge")
            #expect(
                families["tollgate_postgres_jobs_waiting"]?["samples"]?.arrayValue
                    == [["tollgate_postgres_jobs_waiting", ["pool": "worker"], "0.0"]])
            #expect(try await Self.get("\(server)/health/ready").status == 200)
            for path in [
                "/t/alba/account/v1/sessions", "/t/brio/gate/api/proxy?op=plans", "/admin/v1/session",
            ] {
                #expect(try await Self.get("\(server)\(path)").status == 404)
            }
            #expect(try await work.end(SIGTERM) == 0)
        }
    }

    private static func get(_ url: String) async throws -> (status: UInt, text: String) {
        let request = try HTTPClient.Request(url: url)
        let answer = try await HTTPClient.shared.execute(request: request).get()
        return (answer.status.code, answer.body.map { String(buffer: $0) } ?? "")
    }
}
