import Foundation
import Primitives
import TestSupport
import Testing

@testable import Server

/// docs/monitoring, by Prometheus' own programs: `scripts/debian-tool` finds or fetches them.
@Suite("Alerts and dashboard", .serialized)
struct MonitoringTests {
    private let folder = "\(TestPaths.repository)/docs/monitoring"

    @Test func `promtool accepts the rules, and they say what they should in made-up hours`() async throws {
        let promtool = try await Self.tool("promtool")
        for arguments in [
            ["check", "rules", "\(folder)/alerts.yml"], ["test", "rules", "\(folder)/alerts_test.yml"],
        ] {
            let result = try await runCommand(promtool, arguments)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
    }

    @Test func `a Prometheus that scrapes a server has something to show in every panel, and no alert fires`()
        async throws
    {
        let prometheus = try await Self.tool("prometheus")
        try await withEmbeddedFolder { folder in
            let up = try RunningTollgate("\(folder)/data", ["--apply", TestPaths.fixture("demo.yaml")])
            let address = try await up.ready()
            let buyer = GateBuyer(
                url: "\(address)/t/acme/gate/api/proxy", key: "rk_alice00000000000000000000000000000000000")
            _ = try await buyer.buy()
            try await Python.run(
                [
                    "\(TestPaths.repository)/Tests/python/monitoring_walk.py", address, "--prometheus",
                    prometheus,
                ], needing: "json")
            try await up.end(SIGTERM)
        }
    }

    @Test func `every alert is explained, and no page explains an alert that there is not`() throws {
        let rules = try String(contentsOfFile: "\(folder)/alerts.yml", encoding: .utf8)
        let page = try String(
            contentsOfFile: "\(TestPaths.repository)/docs/monitoring.md", encoding: .utf8)
        let alerts = rules.matches(of: /- alert: (\w+)/).map { String($0.output.1) }
        let explained = page.matches(of: /(?m)^### (Tollgate\w+)$/).map { String($0.output.1) }
        #expect(alerts.count > 15)
        #expect(alerts == explained)
        for alert in alerts { #expect(rules.contains("docs/monitoring.md#\(alert.lowercased())")) }
    }

    private static func tool(_ program: String) async throws -> String {
        let result = try await runCommand(
            "\(TestPaths.repository)/scripts/debian-tool", [program, "prometheus"])
        #expect(result.status == 0, "\(result.errors)")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
