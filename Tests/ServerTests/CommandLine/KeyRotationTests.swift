import AsyncHTTPClient
import Foundation
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

/// Two `tollgate serve` on one database, restarted one after the other while the installation's key is replaced.
@Suite("Replacing the installation's key", .database)
struct KeyRotationTests {
    private static let (one, two) = (
        "1:" + Data(repeating: 1, count: 32).base64EncodedString(),
        "2:" + Data(repeating: 2, count: 32).base64EncodedString()
    )
    private static let catalogue = """
        tenants:
          - slug: acme
            name: Acme
            currency: USD
            networks: [{code: NL, city: Amsterdam, country: NL, type: mobile, exit_class: mobile_4g}]
            gateways: [{name: ams-1, network: NL, host: 127.0.0.1, ports: 12001-12030, protocols: [http]}]
            plans:
              - {code: month, name: Month, product: proxy, connection: private, network: NL, duration: 30d,
                 price: "1.00 USD", sells_in: [gate]}
            customers:
              - {email: alice@example.com, username: alice, balance: "10.00 USD",
                 keys: [{dialect: gate, key: \(alice), rate_limit: off}]}
          - {slug: brio, name: Brio, currency: JPY}
        """
    private static let alice = "rk_alice00000000000000000000000000000000000"

    @Test
    func
        `somebody always serves, and every answer, credential and link of the old key lives on under the new one`()
        async throws
    {
        let database = try #require(TestDatabase.current)
        try await withEmbeddedFolder { folder in
            let stage = Stage(folder: folder, database: database)
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            _ = try await stage.tollgate([Self.one], "apply", file)
            _ = try await stage.tollgate([Self.one], "job", "slots")
            var servers = [try stage.start("a", [Self.one]), try stage.start("b", [Self.one])]
            let buyer = GateBuyer(
                url: "\(try await servers[0].ready())/t/acme/gate/api/proxy", key: Self.alice)
            _ = try await buyer.buy(#","quantity":2"#)
            let bought = try await Self.listed(servers[1])
            #expect(bought["subscriptions"]?.arrayValue?.count == 2)
            #expect(try await stage.keysInUse([Self.one]) == [1])

            // Both know the new key before either seals with it; one is restarted while the other serves.
            for keys in [[Self.one, Self.two], [Self.two, Self.one]] {
                for index in servers.indices {
                    try await servers[index].end(SIGTERM)
                    #expect(
                        Self.credentials(try await Self.listed(servers[1 - index]))
                            == Self.credentials(bought),
                        "the other serves meanwhile")
                    servers[index] = try stage.start("\(keys[0].prefix(1))-\(index)", keys)
                    #expect(
                        Self.credentials(try await Self.listed(servers[index])) == Self.credentials(bought))
                }
            }
            let renewed = try await stage.tollgate(
                [Self.two, Self.one], "installation-key", "renew", "--json")
            #expect(try #require(JSON.parse(renewed.utf8)["renewed"]?.integralValue) >= 30)
            #expect(try await stage.keysInUse([Self.two, Self.one]) == [2])
            let again = try await stage.tollgate([Self.two, Self.one], "installation-key", "renew", "--json")
            #expect(try JSON.parse(again.utf8) == ["renewed": 0, "overtaken": 0, "unreadable": 0])

            for index in servers.indices {
                try await servers[index].end(SIGTERM)
                servers[index] = try stage.start("last-\(index)", [Self.two])
                // Rotate links carry a tag of their key's, and are new ones now; everything else is what it was.
                #expect(Self.credentials(try await Self.listed(servers[index])) == Self.credentials(bought))
            }
            #expect(try await stage.tollgate([Self.two], "verify").hasPrefix("all "))
            for server in servers { #expect(try await server.end(SIGTERM) == 0) }
        }
    }

    @Test func `whatever the program seals is among the columns that are sealed anew`() throws {
        var contexts: Set<String> = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: "\(TestPaths.repository)/Sources")
        where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(TestPaths.repository)/Sources/\(file)", encoding: .utf8)
            for match in text.matches(of: /SealContext\(\s*tenant: [^,]+, column: "([^"]+)"/) {
                contexts.insert(String(match.output.1))
            }
        }
        // What a slot had before is kept as it was sealed for the slot.
        #expect(contexts.union(["credential_history.secret"]) == Set(SealedColumn.allCases.map(\.rawValue)))
    }

    private static func listed(_ server: RunningTollgate) async throws -> JSON {
        let buyer = GateBuyer(url: "\(try await server.ready())/t/acme/gate/api/proxy", key: alice)
        return try await buyer.ask("?op=subscriptions").body
    }

    private static func credentials(_ listed: JSON) -> [JSON?] {
        (listed["subscriptions"]?.arrayValue ?? []).map { $0["credentials"] }
    }

    /// Programs on one database, each with keys of its own.
    private struct Stage {
        let folder: String
        let database: TestDatabase

        func tollgate(_ keys: [String], _ arguments: String...) async throws -> String {
            let result = try await runCommand(Tollgate.path, arguments, environment: environment(keys))
            #expect(result.status == 0, "\(arguments): \(result.output) \(result.errors)")
            return result.output
        }

        func start(_ name: String, _ keys: [String]) throws -> RunningTollgate {
            try RunningTollgate(
                ["serve"], output: "\(folder)/\(name).out", environment: environment(keys))
        }

        /// The ids of the keys that anything is sealed under.
        func keysInUse(_ keys: [String]) async throws -> Set<Int64> {
            let status = try JSON.parse(try await tollgate(keys, "installation-key", "status", "--json").utf8)
            return Set((status["sealed"]?.arrayValue ?? []).compactMap { $0["key"]?.integralValue })
        }

        private func environment(_ keys: [String]) -> [String: String] {
            Tollgate.environment(on: database, keys: keys.joined(separator: ","))
        }
    }
}
