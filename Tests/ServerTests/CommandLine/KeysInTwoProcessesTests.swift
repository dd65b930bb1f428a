import AsyncHTTPClient
import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Server

/// Two `tollgate serve` on one database, as in an installation of several machines.
@Suite("Keys in two processes", .database)
struct KeysInTwoProcessesTests {
    private static let catalogue = """
        tenants:
          - slug: alba
            name: Alba
            currency: USD
            customers: [{email: ann@example.com, username: ann}]
          - {slug: brio, name: Brio, currency: JPY, customers: [{email: ann@example.com, username: ann}]}
        """

    @Test func `addresses, ends and revocations count in both`() async throws {
        let database = try #require(TestDatabase.current)
        try await withEmbeddedFolder { folder in
            let environment = Tollgate.environment(on: database)
                .merging(["TOLLGATE_TRUSTED_PROXIES": "127.0.0.0/8"]) { _, new in new }
            func tollgate(_ arguments: String...) async throws -> String {
                let result = try await runCommand(Tollgate.path, arguments, environment: environment)
                #expect(result.status == 0, "\(arguments): \(result.errors)")
                return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
            }
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            _ = try await tollgate("apply", file)
            let processes = try ["first", "second"].map {
                try RunningTollgate(["serve"], output: "\(folder)/\($0).out", environment: environment)
            }
            var servers: [String] = []
            for process in processes { servers.append(try await process.ready()) }

            let key = try await tollgate(
                "key", "create", "ann", "--tenant", "alba", "--allow", "198.51.100.0/24")
            for server in servers {
                #expect(try await status(server, key, from: "198.51.100.7") == 200)
                #expect(try await status(server, key, from: "198.51.100.7, 203.0.113.9") == 401)
                #expect(try await status(server, key, from: "203.0.113.9, 198.51.100.7") == 200)
                #expect(try await status(server, key, from: "") == 401)
                #expect(try await status(server, key, tenant: "brio", from: "198.51.100.7") == 401)
            }
            _ = try await tollgate("key", "revoke", key, "--tenant", "alba")
            for server in servers {
                try await eventually("the revocation") {
                    try await status(server, key, from: "198.51.100.7") == 401
                }
            }
            for process in processes { #expect(try await process.end(SIGTERM) == 0) }
        }
    }

    private func status(
        _ server: String, _ key: String, tenant: String = "alba", from forwarded: String
    ) async throws -> UInt {
        var request = try HTTPClient.Request(url: "\(server)/t/\(tenant)/gate/api/proxy?op=plans")
        request.headers = ["x-api-key": key, "X-Forwarded-For": forwarded]
        return try await HTTPClient.shared.execute(request: request).get().status.code
    }
}
