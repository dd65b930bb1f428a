import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate isolation", .database)
struct GateIsolationTests {
    /// Every id of Alba tried by Brio answers as an id that nobody has: by status, headers that matter and bytes.
    @Test func `another tenant's ids are as unknown as made-up ones`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, brio) = (world.alba, world.brio)
                let subscription = try await world.buy(alba.mobile30, by: alba.alice, of: alba)
                let own = try await world.buy(brio.mobile30, by: brio.alice, of: brio)
                let unknown = IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 0xFFFF_FFFF)
                    .base36String
                let before = try await world.subscription(subscription, by: alba.alice, of: alba)

                for template in Self.subscriptionRequests + Self.bodies(with: "SUBSCRIPTION") {
                    let theirs = try await ask(template, subscription, own, world)
                    let nobodys = try await ask(template, unknown, own, world)
                    #expect(theirs.text == nobodys.text, "\(template)")
                    #expect(theirs.outcome == "404 subscription_not_found", "\(template)")
                }
                let plans = [alba.mobile30, alba.retired, alba.elsewhere, alba.paris30].map(\.gate)
                for template in Self.bodies(with: "PLAN") {
                    for plan in plans {
                        let theirs = try await ask(template, plan, own, world)
                        let nobodys = try await ask(template, unknown, own, world)
                        #expect(theirs.text == nobodys.text, "\(template)")
                        #expect(theirs.outcome == "400 invalid_plan_id", "\(template)")
                    }
                }
                for template in Self.bodies(with: "NETWORK") {
                    for network in [alba.berlin, alba.paris, alba.madrid].map(\.gate) {
                        let theirs = try await ask(template, network, own, world)
                        let nobodys = try await ask(template, unknown, own, world)
                        #expect(theirs.text == nobodys.text, "\(template)")
                        #expect(theirs.outcome == "400 invalid_target_network", "\(template)")
                    }
                }

                #expect(try await world.subscription(subscription, by: alba.alice, of: alba) == before)
                #expect(try await world.count("orders", alba) == 1)
                #expect(try await world.count("orders", brio) == 1)
            }
        }
    }

    @Test func `another customer's subscription is as unknown as a made-up one`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let alba = world.alba
                let subscription = try await world.buy(alba.mobile30, by: alba.alice, of: alba)
                for template in Self.subscriptionRequests + Self.bodies(with: "SUBSCRIPTION") {
                    let text = Self.filled(template, subscription, subscription, alba)
                    let reply =
                        template.hasPrefix("{")
                        ? try await world.post(text, by: alba.bob, of: alba)
                        : try await world.get(text, by: alba.bob, of: alba)
                    #expect(reply.outcome == "404 subscription_not_found", "\(template)")
                }
                #expect(try await world.get("op=subscriptions", by: alba.bob, of: alba).subscriptions.isEmpty)
            }
        }
    }

    /// The same e-mail, coupon and plan code at both; each order stays where it was placed.
    @Test func `two tenants with the same names do not meet`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                for tenant in [world.alba, world.brio] {
                    let reply = try await world.post(
                        #"{"op":"purchase","planId":"\#(tenant.mobile7.gate)","couponCode":"LASTONE"}"#,
                        by: tenant.alice,
                        of: tenant, headers: [("Idempotency-Key", "same")])
                    #expect(reply.outcome == "200")
                    #expect(try await world.balance(tenant, tenant.alice) == 1000_00 - 2_00)
                    #expect(
                        try await world.get("op=subscriptions", by: tenant.alice, of: tenant).subscriptions
                            .count == 1)
                }
            }
        }
    }

    /// A subscription that was bought through another door is not this one's.
    @Test func `another dialect's subscription is not shown and not changed`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let alba = world.alba
                let subscription = try await world.buy(alba.mobile30, by: alba.alice, of: alba)
                try await world.execute(
                    "UPDATE subscriptions SET dialect = 'opproxy' WHERE tenant_id = \(alba.id)")

                #expect(
                    try await world.get("op=subscriptions", by: alba.alice, of: alba).subscriptions.isEmpty)
                for template in Self.subscriptionRequests + Self.bodies(with: "SUBSCRIPTION") {
                    let text = Self.filled(template, subscription, subscription, alba)
                    let reply =
                        template.hasPrefix("{")
                        ? try await world.post(text, by: alba.alice, of: alba)
                        : try await world.get(text, by: alba.alice, of: alba)
                    #expect(reply.outcome == "404 subscription_not_found", "\(template)")
                }
            }
        }
    }

    private func ask(
        _ template: String, _ id: String, _ own: String, _ world: GateWorld
    ) async throws -> DoorReply {
        let text = Self.filled(template, id, own, world.brio)
        // The headers of the rate limit count requests, and these are two.
        world.clock.advance(milliseconds: 120_000)
        let reply =
            template.hasPrefix("{")
            ? try await world.post(text, by: world.brio.alice, of: world.brio)
            : try await world.get(text, by: world.brio.alice, of: world.brio)
        return DoorReply(status: reply.status, headers: reply.headers.withoutReset, body: reply.body)
    }

    private static func filled(
        _ template: String, _ id: String, _ own: String, _ tenant: GateTenant
    ) -> String {
        var text = template
        for name in ["SUBSCRIPTION", "PLAN", "NETWORK"] { text = text.replacing("<\(name)>", with: id) }
        return text.replacing("<own>", with: own).replacing("<plan>", with: tenant.mobile30.gate)
            .replacing("<network>", with: tenant.berlin.gate)
    }

    private static let subscriptionRequests = [
        "op=renewal-plans&subscriptionId=<SUBSCRIPTION>",
        "op=available-networks&subscriptionId=<SUBSCRIPTION>",
    ]

    /// Every POST operation, with the id of one kind to be filled in and the others the caller's own.
    private static func bodies(with kind: String) -> [String] {
        [
            #"{"op":"purchase","planId":"<PLAN>"}"#,
            #"{"op":"trial","planId":"<PLAN>"}"#,
            #"{"op":"renew","subscriptionId":"<own>","planId":"<PLAN>"}"#,
            #"{"op":"renew","subscriptionId":"<SUBSCRIPTION>","planId":"<plan>"}"#,
            #"{"op":"change-credentials","subscriptionId":"<SUBSCRIPTION>"}"#,
            #"{"op":"set-rotation-policy","subscriptionId":"<SUBSCRIPTION>","rotationPolicy":10}"#,
            #"{"op":"switch-network","subscriptionId":"<SUBSCRIPTION>","targetNetwork":"<network>"}"#,
            #"{"op":"switch-network","subscriptionId":"<own>","targetNetwork":"<NETWORK>"}"#,
        ].filter { $0.contains("<\(kind)>") }
    }
}

extension HTTPFields {
    fileprivate var withoutReset: HTTPFields {
        var fields = self
        fields[.rateLimitReset] = nil
        return fields
    }
}
