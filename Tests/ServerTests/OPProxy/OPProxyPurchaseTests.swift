import Foundation
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("OP-Proxy purchases", .database)
struct OPProxyPurchaseTests {
    private func inWorld(
        _ settings: OPProxy.Settings = OPProxy.Settings(), _ body: (OPWorld) async throws -> Void
    ) async throws {
        try await OPWorld.with(try #require(TestDatabase.current), settings: settings, body)
    }

    @Test
    func `an IPv6 service has one line in each of three countries under one login, an IPv4 service one`()
        async throws
    {
        try await inWorld { world in
            let volga = world.volga
            let ipv6 = try await world.buy("v6", of: volga)
            let ipv4 = try await world.buy("v4", "ipv4_rotating", of: volga)
            let service = try await world.service(ipv6, of: volga)
            let login = service["auth"]?["login"]?.stringValue ?? ""
            let password = service["auth"]?["password"]?.stringValue ?? ""
            #expect(
                try await world.lines(ipv6, of: volga) == [
                    "nl.volga.example.com:21001:\(login):\(password)",
                    "de.volga.example.com:22001:\(login):\(password)",
                    "at.volga.example.com:23001:\(login):\(password)",
                ])
            #expect(try await world.lines(ipv4, of: volga).count == 1)
            #expect(try await world.balance("carol", of: volga) == 150_000_00 - 900_00 - 1500_00)
            #expect(try await world.count("allocations", volga) == 4)
        }
    }

    /// Two equal calls are two services and two charges, as the vendor says; one key makes them one.
    @Test func `without a key two calls are two services, with one they are one`() async throws {
        try await inWorld { world in
            let (volga, neva) = (world.volga, world.neva)
            let first = try await world.buy("v6", of: volga)
            #expect(try await world.buy("v6", of: volga) != first)
            let key = [("Idempotency-Key", "k")]
            let replies = try await withThrowingTaskGroup(of: DoorReply.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await world.purchase("v6", of: volga, headers: key) }
                }
                return try await group.reduce(into: [DoorReply]()) { $0.append($1) }
            }
            let bodies = Set(replies.filter { $0.outcome == "200" }.map(\.body))
            #expect(bodies.count == 1)
            #expect(replies.allSatisfy { ["200", "429 rate_limited"].contains($0.outcome) })
            #expect(try await world.purchase("v6", of: volga, headers: key).body == bodies.first)
            #expect(try await world.count("orders", volga) == 3)
            // The same key of another caller is another key.
            #expect(try await world.purchase("v6", of: neva, headers: key).outcome == "200")
            #expect(try await world.count("orders", neva) == 1)
        }
    }

    /// The engine is asked first what the key did, whatever became of the plan since.
    @Test func `what was carried out once is answered again though its plan has gone`() async throws {
        try await inWorld { world in
            let volga = world.volga
            let key = [("Idempotency-Key", "k")]
            let bought = try await world.purchase("v6", of: volga, headers: key)
            try await world.execute(
                "UPDATE plans SET active = false, price_minor = 999 WHERE tenant_id = \(volga.id) AND code = 'v6'"
            )
            let again = try await world.purchase("v6", of: volga, headers: key)
            #expect(again.body == bought.body)
            #expect(again.headers[.init("Idempotency-Hit")!] == "true")
            #expect(try await world.purchase("v6", of: volga).outcome == "400 invalid_plan_id")
        }
    }

    @Test func `extending twice under one key adds one period, without a key two`() async throws {
        try await inWorld { world in
            let volga = world.volga
            let id = try await world.buy("v4", "ipv4_rotating", of: volga)
            let key = [("Idempotency-Key", "extension")]
            let first = try await world.ask(.post, "/services/\(id)/extend", of: volga, headers: key)
            let again = try await world.ask(.post, "/services/\(id)/extend", of: volga, headers: key)
            #expect(first.outcome == "200" && first.body == again.body)
            #expect(first.data["expires_at"] == "2026-04-01T00:00:00.000Z")
            _ = try await world.ask(.post, "/services/\(id)/extend", of: volga)
            #expect(try await world.service(id, of: volga)["expires_at"] == "2026-05-01T00:00:00.000Z")
            #expect(try await world.balance("carol", of: volga) == 150_000_00 - 3 * 1500_00)
            // The key of one service's extension is no key of another's.
            let other = try await world.buy("v4", "ipv4_rotating", of: volga)
            let reused = try await world.ask(.post, "/services/\(other)/extend", of: volga, headers: key)
            #expect(reused.outcome == "400 invalid_request")
        }
    }

    @Test func `either every gateway has a port or nothing is sold`() async throws {
        try await inWorld { world in
            let volga = world.volga
            let replies = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await world.purchase("scarce", of: volga).outcome }
                }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(replies.filter { $0 == "200" }.count == 1)
            #expect(replies.filter { $0 == "400 country_unavailable" }.count == 15)
            #expect(try await world.purchase("nowhere", of: volga).outcome == "400 country_unavailable")
            #expect(try await world.balance("carol", of: volga) == 149_900_00)
            #expect(try await world.count("slots", volga, where: "state = 'assigned'") == 2)
        }
    }

    /// 1499.99 is not enough for 1500, and the rouble that is missing is not shown.
    @Test func `a kopeck short is short`() async throws {
        try await inWorld { world in
            let volga = world.volga
            let refused = try await world.purchase("v6", by: "dave", of: volga)
            #expect(refused.outcome == "402 insufficient_balance")
            #expect(try await world.balance("dave", of: volga) == 899_99)
            #expect(try await world.count("slots", volga, where: "state = 'assigned'") == 0)
        }
    }

    @Test func `a purchase at one door lowers the balance at the other, and both together never overdraw`()
        async throws
    {
        try await inWorld { world in
            let volga = world.volga
            let port = volga.plans["elsewhere"]!.bits.base36String
            let gate = DoorRequest(
                method: .post, target: "/api/proxy", host: volga.gateHost,
                headers: [("x-api-key", volga.gateKey("carol")), ("Content-Type", "application/json")],
                body: #"{"op":"purchase","planId":"\#(port)"}"#)
            #expect(try await world.ask(gate).outcome == "200")
            #expect(try await world.ask(.get, "/account", of: volga).data["balance"] == 149_700)
            // What was bought at the gate is no service here.
            #expect(try await world.ask(.get, "/services?status=all", of: volga).data["services"] == [])
            // Enough for three of either.
            try await world.execute(
                """
                UPDATE accounts SET floor_minor = \(Int64(148_799_99)) WHERE tenant_id = \(volga.id)
                    AND owner_id = \(volga.customers["carol"]!) AND role = 'wallet'
                """)
            let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await world.ask(gate).outcome }
                    group.addTask { try await world.purchase("v6", of: volga).outcome }
                }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            let spent = 149_700_00 - (try await world.balance("carol", of: volga))
            #expect(spent <= 900_01)
            #expect(outcomes.filter { $0 == "200" }.count >= 1)
            #expect(Set(outcomes).isSubset(of: ["200", "402 insufficient_balance"]))
        }
    }

    @Test func `a plan of another dialect, tenant, currency or state is no plan`() async throws {
        try await inWorld { world in
            let volga = world.volga
            for (plan, type) in [
                ("elsewhere", "ipv4_rotating"), ("both", "ipv4_rotating"), ("hours", "ipv4_rotating"),
                ("kopecks", "ipv4_rotating"), ("retired", "ipv4_rotating"), ("v4", "ipv6_rotating"),
            ] {
                let reply = try await world.purchase(plan, type, of: volga)
                #expect(reply.outcome == "400 invalid_plan_id", "\(plan)")
            }
            #expect(try await world.count("orders", volga) == 0)
        }
    }

    /// The door's catalogue is of a moment ago; what is charged for is what the engine reads.
    /// The door's snapshot still has the former kind; the engine has not.
    @Test func `a plan that became another kind a moment ago is no plan of the former kind`() async throws {
        let database = try #require(TestDatabase.current)
        try await OPWorld.with(database, catalogueMilliseconds: 3_600_000) { world in
            let volga = world.volga
            for change in ["product = 'ipv4_rotating'", "price_minor = 90050", "duration_ms = 43200000"] {
                let key = [("Idempotency-Key", change)]
                _ = try await world.ask(.get, "/catalog/plans", of: volga)
                try await world.execute(
                    "UPDATE plans SET \(unsafeRaw: change) WHERE tenant_id = \(volga.id) AND code = 'v6'")
                for headers in [[], key] {
                    let reply = try await world.purchase("v6", of: volga, headers: headers)
                    #expect(reply.outcome == "400 invalid_plan_id", "\(change)")
                }
                try await world.execute(
                    """
                    UPDATE plans SET product = 'ipv6_rotating', price_minor = 90000, duration_ms = 2592000000
                    WHERE tenant_id = \(volga.id) AND code = 'v6'
                    """)
                #expect(try await world.purchase("v6", of: world.neva, headers: key).outcome == "200")
            }
            #expect(try await world.count("orders", volga) == 0)
            #expect(try await world.count("slots", volga, where: "state = 'assigned'") == 0)
            #expect(try await world.balance("carol", of: volga) == 150_000_00)
        }
    }

    /// The vendor's own example names the country and the rotation that such a plan's services show.
    @Test func `a plan without a choice of exits is sold as what it shows, and as nothing else`()
        async throws
    {
        try await inWorld { world in
            let volga = world.volga
            try await world.execute("UPDATE plans SET exits = '{}', exit_rotations = '{}'")
            for (plan, type, named, outcome) in [
                ("v4", "ipv4_rotating", #""country":"mixed","rotation":"instant""#, "200"),
                ("v6", "ipv6_rotating", #""country":"MIXED","rotation":"Instant""#, "200"),
                ("v6", "ipv6_rotating", #""country":"nl""#, "400 country_unavailable"),
                ("v6", "ipv6_rotating", #""rotation":"5m""#, "400 invalid_rotation"),
                ("v4", "ipv4_rotating", #""rotation":"5m""#, "400 unsupported_for_type"),
            ] {
                let reply = try await world.ask(
                    .post, "/purchase",
                    #"{"type":"\#(type)","plan_id":"\#(volga.plan(plan))",\#(named)}"#, of: volga)
                #expect(reply.outcome == outcome, "\(plan) \(named)")
                guard outcome == "200" else { continue }
                #expect(reply.data["country"] == "mixed" && reply.data["rotation"] == "instant")
            }
        }
    }
}
