import Catalog
import Primitives
import Testing

@testable import Server

/// Alba's and Brio's doors, as values.
private let directory = TenantDirectory(
    tenants: [(1, "alba"), (2, "brio")].map { number, slug in
        Tenant(
            id: TenantID(number), slug: slug, name: slug, currency: Currency("USD")!, timezone: "UTC",
            graceMilliseconds: 0)
    },
    hosts: [
        TenantDirectory.Host(
            name: "gate.alba.test", tenant: TenantID(1), dialect: DialectName(rawValue: "gate")),
        TenantDirectory.Host(
            name: "gate.brio.test", tenant: TenantID(2), dialect: DialectName(rawValue: "gate")),
        TenantDirectory.Host(
            name: "op.alba.test", tenant: TenantID(1), dialect: DialectName(rawValue: "opproxy")),
    ])

@Suite("Mounts")
struct MountTableTests {
    private let mounts = MountTable(directory: directory) { ["gate", "account"].contains($0.rawValue) }

    private func place(_ host: String, _ target: String) -> MountTable.Place {
        mounts.place(RequestTarget(authority: host, target: target))
    }

    private func dialect(
        _ tenant: Int64, _ prefix: String, _ path: String, _ name: String = "gate"
    ) -> MountTable.Place {
        .dialect(
            Mount(tenant: TenantID(tenant), dialect: DialectName(rawValue: name), prefix: prefix), path: path)
    }

    @Test func `a tenant's host is its dialect's, whole and from the root`() {
        #expect(place("gate.alba.test", "/api/proxy") == dialect(1, "", "/api/proxy"))
        #expect(place("GATE.brio.test.:8080", "/health") == dialect(2, "", "/health"))
        // The path of another tenant's mount is only a path here.
        #expect(place("gate.alba.test", "/t/brio/gate/api/proxy") == dialect(1, "", "/t/brio/gate/api/proxy"))
    }

    @Test func `any other host has mounts`() {
        #expect(
            place("localhost:8080", "/t/alba/gate/api/proxy?op=x") == dialect(1, "/t/alba/gate", "/api/proxy")
        )
        #expect(
            place("", "/t/brio/account/v1/sessions")
                == dialect(2, "/t/brio/account", "/v1/sessions", "account"))
        #expect(place("localhost", "/t/alba/gate") == dialect(1, "/t/alba/gate", ""))
        #expect(place("localhost", "/t/alba/gate/") == dialect(1, "/t/alba/gate", "/"))
    }

    @Test(arguments: [
        "/t/", "/t/alba", "/t/nobody/gate/api/proxy", "/t/alba/nothing/api", "/t/alba/opproxy/api",
        "/t//alba/gate/api",
        "/t/alba//gate/api", "/t/Alba/gate/api", "/t/alba%2Fgate/api", "/t/alba/gate%2Fapi",
        "/t/%61lba/gate/api",
        "/t/../t/alba/gate/api", "/t/alba/../brio/gate/api", "/t/./alba/gate/api",
    ])
    func `a mount that is not spelt as it is leads nowhere`(path: String) {
        #expect(place("localhost", path) == .nowhere)
    }

    /// A target that RFC 3986 does not know has no path at all, and the platform's answer to that is 404.
    @Test(arguments: ["/t/alba /gate/api", "/t/alb\u{E4}/gate/api", "/t/alba\u{0}/gate/api"])
    func `a target outside of visible ASCII is no mount`(path: String) {
        #expect(place("localhost", path) == .platform(path: ""))
    }

    @Test(arguments: [
        "//t/alba/gate/api", "/T/alba/gate/api", "/./t/alba/gate/api", "/%74/alba/gate/api", "", "/t",
    ])
    func `what does not begin as a mount is the platform's`(path: String) {
        #expect(place("localhost", path) == .platform(path: path))
    }

    /// Whatever follows the mount, dots and doubled or encoded slashes included, stays with the tenant before
    /// it.
    @Test(arguments: [
        "/../../brio/gate/api/proxy", "/..%2f..%2fbrio/gate/api/proxy", "//t/brio/gate/api/proxy",
        "/%2e%2e/brio",
    ])
    func `nothing after a mount changes the tenant`(rest: String) {
        #expect(place("localhost", "/t/alba/gate" + rest) == dialect(1, "/t/alba/gate", rest))
    }

    @Test func `a host whose dialect nobody serves leads nowhere`() {
        #expect(place("op.alba.test", "/api/v1/account") == .nowhere)
    }

    /// Pieces that have fooled routers, in any order: the tenant is the one that the path spells, or there is
    /// none.
    @Test(arguments: 1...10) func `no path leads to a tenant that it does not begin with`(seed: UInt64) {
        let pieces = [
            "/", "//", "t", "/t/", "alba", "brio", "gate", "account", "..", "/../", ".", "%2f", "%2e%2e",
            "%00", ";",
            "\\", "@", ":", "Alba", "?", "#", " ", "é", "http://gate.brio.test", "gate.brio.test",
        ]
        var random = SplitMix64(seed: seed)
        for _ in 0..<5_000 {
            let path = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            guard case .dialect(let mount, let rest) = place("localhost", "/" + path) else { continue }
            let slug = mount.tenant == TenantID(1) ? "alba" : "brio"
            #expect(mount.prefix == "/t/\(slug)/\(mount.dialect)")
            #expect(("/" + path).hasPrefix(mount.prefix + rest))
            #expect(rest.isEmpty || rest.hasPrefix("/"))
        }
    }
}
