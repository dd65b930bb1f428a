import Foundation
import TestSupport
import Testing

@testable import Server

/// The programs of Tests/python against a server as `tollgate up` runs it; longer by hand: docs/bad-input.md.
@Suite("Bad clients", .serialized)
struct BadClientTests {
    private let loadKey = "rk_load000000000000000000000000000000000000"
    private let nobodysKey = "rk_" + String(repeating: "0", count: 40)

    @Test func `slow connections and made-up keys leave a customer served, and the document holds`()
        async throws
    {
        try await withEmbeddedFolder { folder in
            let up = try RunningTollgate("\(folder)/data", ["--apply", TestPaths.fixture("demo.yaml")])
            let address = try await up.ready()
            try await Python.run(
                [
                    "\(TestPaths.repository)/Tests/python/bad_clients.py", address, "--key", loadKey,
                    "--pid", "\(up.process.processIdentifier)", "--connections", "400", "--keys", "5000",
                    "--seconds", "4",
                ], needing: "asyncio")
            try await Python.run(
                [
                    "\(TestPaths.repository)/Tests/python/schemathesis_walk.py", "\(address)/t/acme/gate",
                    "--document", "/openapi.json", "--caller", "with a key=x-api-key: \(loadKey)",
                    "--caller", "with a key that is nobody's=x-api-key: \(nobodysKey)",
                    "--person", "admin@example.com:admin-password", "--examples", "10", "--seconds", "6",
                ], needing: "schemathesis")
            try await up.end(SIGTERM)
        }
    }
}
