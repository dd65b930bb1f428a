import Foundation
import TestSupport
import Testing

@testable import Server

/// Clients that we did not write, against a server as `tollgate up` runs it.
@Suite("Vendor clients", .serialized)
struct VendorClientTests {
    private let carolsKey = "opx_live_ca201000000000000000000000000001"
    private let loadKey = "opx_live_10ad0000000000000000000000000001"
    private let nobodysKey = "opx_live_" + String(repeating: "0", count: 32)

    /// The session is the vendor's own: balance, plans, the cheapest bought, its list as text.
    @Test
    func
        `a client generated from OP-Proxy's document goes through the vendor's session, and nothing leaves the document`()
        async throws
    {
        try await withEmbeddedFolder { folder in
            let up = try RunningTollgate("\(folder)/data", ["--apply", TestPaths.fixture("demo.yaml")])
            let address = try await up.ready()
            let mount = "\(address)/t/volga/opproxy"
            try await Python.run(
                [
                    "\(TestPaths.repository)/Tests/python/opproxy_client.py", mount, "--key", carolsKey,
                ], needing: "openapi_python_client")
            try await Python.run(
                [
                    "\(TestPaths.repository)/Tests/python/schemathesis_walk.py", mount, "--document",
                    "/api/v1/openapi.json",
                    "--caller", "with a token=Authorization: Bearer \(loadKey)",
                    "--caller", "with a token that is nobody's=Authorization: Bearer \(nobodysKey)",
                    "--examples", "10", "--seconds", "8",
                ], needing: "schemathesis")
            try await up.end(SIGTERM)
        }
    }

    /// The demo's person, who stays signed in.
    @Test func `nothing that is made out of the account API's document leaves it`() async throws {
        try await withEmbeddedFolder { folder in
            let up = try RunningTollgate("\(folder)/data", ["--apply", TestPaths.fixture("demo.yaml")])
            let address = try await up.ready()
            try await Python.run(
                [
                    "\(TestPaths.repository)/Tests/python/schemathesis_walk.py", "\(address)/t/acme/account",
                    "--document", "/v1/openapi.json", "--person", "admin@example.com:admin-password",
                    "--caller", "with a token that is nobody's=Authorization: Bearer eyJ.eyJ.x",
                    "--without", "endSessions", "--without", "changePassword", "--without",
                    "confirmAuthenticator",
                    "--examples", "10", "--seconds", "10",
                ], needing: "schemathesis")
            try await up.end(SIGTERM)
        }
    }
}
