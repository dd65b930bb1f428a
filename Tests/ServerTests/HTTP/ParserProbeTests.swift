import Catalog
import HTTPTypes
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

/// What a request line and its headers go through, with whatever bytes may come.
@Suite("Probes of requests")
struct ParserProbeTests {
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    private func require(_ condition: Bool, _ note: @autoclosure () -> String) throws {
        guard condition else { throw Broken(description: note()) }
    }

    private let mounts = MountTable(
        directory: TenantDirectory(
            tenants: [
                Tenant(
                    id: TenantID(7), slug: "acme", name: "Acme", currency: .usd, timezone: "UTC",
                    graceMilliseconds: 0)
            ], hosts: [])
    ) { _ in true }

    @Test func `a target falls into host, path and query, and no mount reaches outside its path`()
        async throws
    {
        try await fuzz(
            "target", words: ["http://", "https://", "/t/acme/gate", "/", "?", "#", "[", "]", ":", "."]
        ) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            for (authority, target) in [(text, "/"), (nil, text), (text, text)] as [(String?, String)] {
                let parts = RequestTarget(authority: authority, target: target)
                try require(
                    parts.path.isEmpty || parts.path.utf8.first == UInt8(ascii: "/"), "a path without slash")
                try require(!parts.path.utf8.contains(UInt8(ascii: "?")), "a query in the path")
                try require(!parts.path.utf8.contains(UInt8(ascii: "#")), "a fragment in the path")
                try require(!parts.host.utf8.contains { (0x41...0x5A).contains($0) }, "a capital in the host")
                switch mounts.place(parts) {
                case .dialect(let mount, let path):
                    try require(mount.prefix + path == parts.path, "prefix and path are not the path")
                    try require(
                        path.isEmpty || path.utf8.first == UInt8(ascii: "/"), "half a segment below a mount")
                    try require(mount.prefix.hasPrefix("/t/acme/"), "a mount of nobody's")
                case .platform(let path):
                    try require(!path.hasPrefix("/t/"), "a tenant's path is the platform's")
                case .nowhere: break
                }
            }
        }
    }

    @Test func `a path matches a route or none, carries its parameters, and is masked`() async throws {
        let table = RouteTable([
            Route(.get, "/api/proxy", "a"), Route(.get, "/r/{token}", "b"), Route(.post, "/r/{token}", "c"),
            Route(.get, "/api/v1/services/{id}/{part}", "d"), Route(.get, "/", "e"),
        ])
        let known: Set<Substring> = ["api", "proxy", "r", "v1", "services", ""]
        try await fuzz("route", words: ["/", "/r/", "/api/proxy", "%2F", "..", "{token}", "services"]) {
            bytes in
            let path = String(decoding: bytes, as: UTF8.self)
            for method in [HTTPRequest.Method.get, .post, .head] {
                guard case .found(let match) = table.match(method, path) else { continue }
                var filled = match.pattern
                for (name, value) in match.parameters {
                    try require(
                        !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a value \(value)"
                    )
                    try require(!value.contains("%") && !value.contains("/"), "an escaped value")
                    filled = filled.replacing("{\(name)}", with: value)
                }
                try require(filled == path, "\(match.pattern) is not the path")
            }
            let masked = table.masked(path).split(separator: "/", omittingEmptySubsequences: false)
            try require(masked.allSatisfy { $0 == "…" || known.contains($0) }, "a log would show \(masked)")
        }
    }

    @Test func `a query is decoded or refused, and what was encoded is found again`() async throws {
        try await fuzz("query", words: ["op=", "&", "=", "%", "%41", "+", "plans", "subscriptionId="]) {
            bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? Gate.Operation.read(query: text)
            let encoded = bytes.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let expected =
                String(validating: bytes, as: UTF8.self).map(FormQuery.Occurrence.once) ?? .unclear
            try require(
                FormQuery("a=1&x=\(encoded)&b")["x"] == expected, "encoded text is decoded as another")
        }
    }

    @Test func `a body is an operation, or refused with a status of 400 or 401`() async throws {
        try await fuzz(
            "gate-body", words: ["\"op\"", "\"purchase\"", ":", ",", "{", "}", "null", "1e2", "\"quantity\""]
        ) {
            bytes in
            do throws(Gate.Problem) {
                _ = try Gate.Operation.read(body: bytes)
            } catch {
                try require(error.status == .badRequest, "\(error)")
            }
        }
    }

    @Test func `headers are taken or refused by their own rules`() async throws {
        try await fuzz("headers", words: ["rk_", "Bearer ", ",", ";", " ", "/1m", "off", ".", ":"]) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let isPrintable = bytes.allSatisfy { (0x20...0x7E).contains($0) }
            let isKey = IdempotencyKey(text) != nil
            try require(isKey == (isPrintable && (1...255).contains(bytes.count)), "an idempotency key")
            if Gate.keyForm.accepts(text) { try require(text.utf8.count <= 67 && isPrintable, "a key") }
            if RequestID.isSane(text) { try require(isPrintable && bytes.count <= 64, "a request id") }
            if let limit = RateLimit(text), case .sliding(let count, let window) = limit {
                try require(count > 0 && window > 0 && window <= RateLimit.windowMax, "a limit of \(limit)")
            }
            var headers = HTTPFields()
            headers.append(HTTPField(name: HTTPField.Name("X-Forwarded-For")!, value: text))
            let address = ClientAddress(trustedProxies: [NetworkPrefix("10.0.0.1")!]).of(
                peer: "10.0.0.1", headers)
            try require(
                address.utf8.count <= 45 && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "an address")
            _ = SourceNetwork.of(text)
            _ = CredentialDigest(hex: text)
        }
    }

    @Test func `tokens of sessions that are none are nobody's`() async throws {
        let keys = SessionKeys(
            InstallationKeys([InstallationKey(id: 1, bytes: [UInt8](repeating: 7, count: 32))!])!)
        var mutator = Mutator(
            corpus: ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30."]
                .map {
                    Array($0.utf8)
                }, words: [".", "eyJ", "="], seed: 20_260_131)
        for _ in 0..<300 {
            let text = String(decoding: mutator.next(), as: UTF8.self)
            #expect(await keys.claims(of: text, for: TenantID(7)) == nil)
        }
    }
}
