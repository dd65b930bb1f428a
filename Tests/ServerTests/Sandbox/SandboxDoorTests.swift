import Catalog
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

/// What a test key opens, and what it does not.
@Suite("Sandboxes at the doors", .database)
struct SandboxDoorTests {
    private typealias World = SandboxWorld

    private func inWorld(_ body: (SandboxWorld) async throws -> Void) async throws {
        try await SandboxWorld.with(try #require(TestDatabase.current), body)
    }

    @Test func `whatever is done with a test key at the live address leaves every live row as it was`()
        async throws
    {
        try await inWorld { world in
            let others = ["alba", "brio", "brio-sandbox", "solo"]
            var before: [[String]] = []
            for slug in others { before.append(try await world.rows(of: slug)) }
            let key = World.key("ann", "alba", test: true)

            let bought = try await world.buy("month", "alba", key)
            let id = bought["subscriptionId"]?.stringValue ?? ""
            let plan = try await world.planID("month", "alba", key)
            for body in [
                #"{"op":"renew","subscriptionId":"\#(id)","planId":"\#(plan)"}"#,
                #"{"op":"change-credentials","subscriptionId":"\#(id)"}"#,
                #"{"op":"set-rotation-policy","subscriptionId":"\#(id)","rotationPolicy":5}"#,
                #"{"op":"trial","planId":"\#(plan)"}"#,
                #"{"op":"purchase","planId":"\#(plan)","couponCode":"WELCOME","quantity":3}"#,
            ] {
                let reply = try await world.gate(
                    "alba", key, post: body, headers: [("Idempotency-Key", body.sha)])
                #expect(reply.outcome == "200", "\(body): \(reply.body)")
            }
            let token = World.token("alba", test: true)
            let service = try await world.opproxy(
                "alba", token, .post, "/purchase",
                #"{"type":"ipv4_rotating","plan_id":"\#(try await opproxyPlan("alba-sandbox", world))"}"#)
            #expect(service.outcome == "200", "\(service.body)")
            try await world.work()

            for (slug, rows) in zip(others, before) {
                #expect(try await world.rows(of: slug) == rows, "\(slug)")
            }
            #expect(try await world.gate("alba", key, "op=subscriptions").subscriptions.count == 5)
            #expect(
                try await world.gate("alba", World.key("ann", "alba"), "op=subscriptions").subscriptions
                    .isEmpty)
        }
    }

    @Test func `and what is done with a live key leaves the sandbox as it was`() async throws {
        try await inWorld { world in
            let before = try await world.rows(of: "alba-sandbox")
            _ = try await world.buy("month", "alba", World.key("ann", "alba"))
            #expect(try await world.rows(of: "alba-sandbox") == before)
        }
    }

    @Test func `a test key opens the sandbox at the live host, the live path and the sandbox's own path`()
        async throws
    {
        try await inWorld { world in
            let key = World.key("ann", "alba", test: true)
            let bought = try await world.buy("month", "alba", key)
            for (host, target) in [
                ("gate.alba.test", "/api/proxy?op=subscriptions"),
                ("localhost", "/t/alba/gate/api/proxy?op=subscriptions"),
                ("localhost", "/t/alba-sandbox/gate/api/proxy?op=subscriptions"),
            ] {
                let reply = try await world.ask(
                    DoorRequest(method: .get, target: target, host: host, headers: [("x-api-key", key)]))
                #expect(
                    reply.subscriptions.map { $0["subscriptionId"] } == [bought["subscriptionId"]],
                    "\(host)\(target): \(reply.body)")
            }
        }
    }

    /// Every route of both dialects, with each key that is out of place there: to the letter what a made-up key hears.
    @Test func `a key out of place is refused like one that nobody has`() async throws {
        try await inWorld { world in
            let gate: [(String, String, String)] = [
                ("alba-sandbox", World.key("ann", "alba"), World.key("eve", "alba")),
                ("brio-sandbox", World.key("ann", "alba"), World.key("eve", "alba")),
                ("brio", World.key("ann", "alba"), World.key("eve", "alba")),
                ("brio", World.key("ann", "alba", test: true), World.key("eve", "alba", test: true)),
                ("brio-sandbox", World.key("ann", "alba", test: true), World.key("eve", "alba", test: true)),
                ("solo", World.key("ann", "alba", test: true), World.key("eve", "alba", test: true)),
            ]
            for (slug, key, nobodys) in gate {
                for (method, query, body) in Self.gateRequests {
                    func ask(_ key: String) async throws -> DoorReply {
                        try await world.ask(
                            DoorRequest(
                                method: method, target: "/t/\(slug)/gate/api/proxy\(query)",
                                host: "localhost",
                                headers: [("x-api-key", key), ("Content-Type", "application/json")],
                                body: body))
                    }
                    let reply = try await ask(key)
                    #expect(reply.outcome == "401 unauthorized", "\(slug) \(query) \(body ?? "")")
                    let unknown = try await ask(nobodys)
                    #expect(reply.text == unknown.text, "\(slug) \(query) \(body ?? "")")
                }
            }
            let opproxy: [(String, String)] = [
                ("alba-sandbox", World.token("alba")), ("brio", World.token("alba")),
                ("brio-sandbox", World.token("alba")), ("brio", World.token("alba", test: true)),
                ("brio-sandbox", World.token("alba", test: true)), ("solo", World.token("alba", test: true)),
            ]
            for (slug, token) in opproxy {
                for (method, path) in Self.opproxyRequests {
                    let reply = try await world.opproxy(slug, token, method, path)
                    let nobodys = try await world.opproxy(
                        slug, String(token.dropLast(3)) + "abc", method, path)
                    #expect(reply.status == .unauthorized, "\(slug) \(method) \(path): \(reply.body)")
                    #expect(reply.text == nobodys.text, "\(slug) \(method) \(path)")
                }
            }
        }
    }

    /// The sandbox's ids tried with a live key, and the other way round: as unknown as ids that nobody has.
    @Test func `ids of the one are unknown in the other`() async throws {
        try await inWorld { world in
            let (live, test) = (World.key("ann", "alba"), World.key("ann", "alba", test: true))
            let sold = try await world.buy("month", "alba", live)["subscriptionId"]?.stringValue ?? ""
            let tried = try await world.buy("month", "alba", test)["subscriptionId"]?.stringValue ?? ""
            for (key, foreign, own) in [(live, tried, sold), (test, sold, tried)] {
                let plan = try await world.planID("month", "alba", key)
                let foreignPlan = try await world.planID("month", "alba", key == live ? test : live)
                for query in ["op=renewal-plans", "op=available-networks"] {
                    let reply = try await world.gate("alba", key, "\(query)&subscriptionId=\(foreign)")
                    #expect(reply.outcome == "404 subscription_not_found", "\(query)")
                }
                for body in [
                    #"{"op":"renew","subscriptionId":"\#(foreign)","planId":"\#(plan)"}"#,
                    #"{"op":"change-credentials","subscriptionId":"\#(foreign)"}"#,
                    #"{"op":"set-rotation-policy","subscriptionId":"\#(foreign)","rotationPolicy":5}"#,
                ] {
                    let reply = try await world.gate("alba", key, post: body)
                    #expect(reply.outcome == "404 subscription_not_found", "\(body)")
                }
                for body in [
                    #"{"op":"purchase","planId":"\#(foreignPlan)"}"#,
                    #"{"op":"renew","subscriptionId":"\#(own)","planId":"\#(foreignPlan)"}"#,
                ] {
                    #expect(
                        try await world.gate("alba", key, post: body).outcome == "400 invalid_plan_id",
                        "\(body)")
                }
            }
        }
    }

    @Test func `a sandbox's rotate link works at the live address, for the sandbox alone`() async throws {
        try await inWorld { world in
            let test = World.key("ann", "alba", test: true)
            let bought = try await world.buy("month", "alba", test)
            let path = try #require(bought["rotate"]?["rotatePath"]?.stringValue)
            #expect(path.hasPrefix("/t/alba/gate/r/"))
            let before = try await world.rows(of: "alba")
            func follow(_ path: String) async throws -> DoorReply {
                world.clock.advance(milliseconds: 60_000)
                return try await world.ask(DoorRequest(method: .post, target: path, host: "localhost"))
            }
            #expect(try await follow(path).outcome == "200")
            #expect(try await world.work().rotated == 1)
            #expect(try await follow(path.replacing("/alba/", with: "/alba-sandbox/")).outcome == "200")
            for slug in ["brio", "brio-sandbox", "solo"] {
                #expect(
                    try await follow(path.replacing("/alba/", with: "/\(slug)/")).status == .notFound,
                    "\(slug)")
            }
            #expect(try await world.rows(of: "alba") == before)

            let sold = try await world.buy("month", "alba", World.key("ann", "alba"))
            let live = try #require(sold["rotate"]?["rotatePath"]?.stringValue)
            #expect(try await follow(live).outcome == "200")
            #expect(try await follow(live.replacing("/alba/", with: "/alba-sandbox/")).status == .notFound)
        }
    }

    @Test func `the sandbox's requests are in its own log and count against its own limits`() async throws {
        let database = try #require(TestDatabase.current)
        let recorder = RequestRecorder(pool: database.pool(.recorder, threads: 1), logger: .quiet)
        let (live, test) = (World.key("ann", "alba"), World.key("ann", "alba", test: true))
        var left: [String?] = []
        var people: [(TenantID, CustomerID)] = []
        try await running(recorder) {
            try await SandboxWorld.with(database, recorder: recorder) { world in
                try await world.advance("alba-sandbox", days: 40)
                for (key, operation) in [
                    (live, "plans"), (test, "plans"), (test, "subscriptions"), (live, "plans"),
                ] {
                    let answer = try await world.door.ask(
                        .get, "/t/alba/gate/api/proxy?op=\(operation)", host: "localhost", [.apiKey: key])
                    left.append(answer.headers[.rateLimitRemaining])
                }
                for slug in ["alba", "alba-sandbox"] {
                    let ann = try await world.reading.customer("ann", of: slug).customer.id
                    people.append((try #require(world.tenants[slug]), ann))
                }
            }
        }
        #expect(left == ["119", "119", "118", "118"])
        let history = RequestHistory(pool: database.pool(.door))
        for (tenant, ann) in people {
            let page = try #require(try await history.page(of: ann, tenant: tenant, .init(limit: 9)))
            #expect(page.items.count == 2, "\(tenant)")
            let other = try await history.page(
                of: ann, tenant: people.first { $0.0 != tenant }!.0, .init(limit: 9))
            #expect(other?.items.isEmpty ?? true)
        }
    }

    @Test func `a sandbox that was closed is as if it had never been`() async throws {
        try await inWorld { world in
            let key = World.key("ann", "alba", test: true)
            #expect(try await world.gate("alba", key).outcome == "200")
            try await world.office.apply(
                SandboxWorld.file.replacing(
                    "    sandbox: true\n", with: "    sandbox: false\n", maxReplacements: 1
                )
                .replacing(
                    ", {dialect: gate, key: \(key), trials: true}, {dialect: opproxy, key: \(World.token("alba", test: true))}",
                    with: ""))
            #expect(try await world.gate("alba", key).outcome == "401 unauthorized")
            #expect(try await world.gate("alba-sandbox", key).status == .notFound)
            #expect(try await world.gate("brio", World.key("ann", "brio", test: true)).outcome == "200")
        }
    }

    private func opproxyPlan(_ slug: String, _ world: SandboxWorld) async throws -> String {
        let tenant = try #require(world.tenants[slug])
        return try await world.database.owner.run { connection in
            try connection.query("SELECT id FROM plans WHERE tenant_id = \(tenant) AND code = 'v4'")[0]
                .get(0, as: PlanID.self).bits.hexString
        }
    }

    private static let id = String(repeating: "a", count: 24)

    private static let gateRequests: [(HTTPRequest.Method, String, String?)] =
        [
            "plans", "subscriptions", "renewal-plans&subscriptionId=\(id)",
            "available-networks&subscriptionId=\(id)",
        ].map { (.get, "?op=\($0)", nil) }
        + [
            #"{"op":"purchase","planId":"\#(id)"}"#, #"{"op":"trial","planId":"\#(id)"}"#,
            #"{"op":"renew","subscriptionId":"\#(id)","planId":"\#(id)"}"#,
            #"{"op":"change-credentials","subscriptionId":"\#(id)"}"#,
            #"{"op":"set-rotation-policy","subscriptionId":"\#(id)","rotationPolicy":10}"#,
            #"{"op":"switch-network","subscriptionId":"\#(id)","targetNetwork":"\#(id)"}"#,
        ].map { (.post, "", $0) }

    private static let opproxyRequests: [(HTTPRequest.Method, String)] = [
        (.get, "/account"), (.get, "/catalog/plans"), (.post, "/purchase"), (.get, "/services"),
        (.get, "/services/\(id)"), (.get, "/services/\(id)/proxies"), (.post, "/services/\(id)/extend"),
        (.put, "/services/\(id)/whitelist"), (.post, "/services/\(id)/credentials"),
        (.put, "/services/\(id)/country"), (.put, "/services/\(id)/rotation"), (.get, "/logs"),
        (.get, "/idempotency-keys?key=k"),
    ]
}

extension String {
    /// A name for a key that differs with the text.
    fileprivate var sha: String { String(CredentialDigest(of: self).description.prefix(32)) }
}
