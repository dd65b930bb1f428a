import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate renewals", .database)
struct GateRenewalTests {
    /// vendors/gate.txt: the listing's activeUntil and three times the duration make the example's endAt.
    @Test func `a renewal extends from the current end`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                world.clock.advance(days: 3)
                let renewed = try await world.post(
                    #"{"op":"renew","subscriptionId":"\#(id)","planId":"\#(alba.mobile7.gate)","repeatCount":3,"couponCode":null}"#,
                    by: alice, of: alba)

                let end: Int64 = 1_769_817_600_000 + 2_592_000_000 + 3 * 604_800_000
                #expect(renewed.body == #"{"ok":true,"subscriptionId":"\#(id)","endAt":\#(end)}"#)
                #expect(
                    try await world.subscription(id, by: alice, of: alba)?["activeUntil"] == .integer(end))
                #expect(try await world.balance(alba, alice) == 1000_00 - 12_00 - 3 * 4_00)
            }
        }
    }

    @Test func `renewal plans are of the same network, connection and currency`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                let reply = try await world.get("op=renewal-plans&subscriptionId=\(id)", by: alice, of: alba)

                let plans = reply.json["renewalPlans"]?.arrayValue ?? []
                #expect(
                    plans.map { $0["id"]?.stringValue }
                        == [alba.mobile30, alba.mobile7, alba.resold, alba.dear].map(\.gate))
                #expect(
                    Array(plans[0].objectValue!.keys) == [
                        "id", "connectionType", "durationMs", "priceAmountCents",
                    ])
            }
        }
    }

    /// A month has no length of its own: what is listed is the period that would be bought.
    @Test func `a calendar plan is listed with the length that its period would have`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                try await world.execute(
                    """
                    UPDATE plans SET duration_ms = NULL, duration_months = 1
                    WHERE tenant_id = \(alba.id) AND id = \(alba.mobile30)
                    """)
                try await world.execute(
                    """
                    UPDATE plan_versions SET duration_ms = NULL, duration_months = 1
                    WHERE tenant_id = \(alba.id) AND plan_id = \(alba.mobile30)
                    """)
                try await world.execute(
                    "UPDATE tenants SET timezone = 'Europe/Amsterdam' WHERE id = \(alba.id)")
                func listed(_ query: String, _ list: String) async throws -> JSON? {
                    let plans = try await world.get(query, by: alice, of: alba).json[list]?.arrayValue ?? []
                    return plans.first { $0["id"] == .string(alba.mobile30.gate) }?["durationMs"]
                }
                let day: Int64 = 86_400_000
                #expect(try await listed("op=plans", "plans") == .integer(28 * day))
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                #expect(
                    try await world.subscription(id, by: alice, of: alba)?["activeUntil"]
                        == .integer(1_769_817_600_000 + 28 * day))

                // From 28 February to 31 March, with the night in which clocks are put on.
                let hour: Int64 = 3_600_000
                let renewals = "op=renewal-plans&subscriptionId=\(id)"
                #expect(try await listed(renewals, "renewalPlans") == .integer(31 * day - hour))
                let renewed = try await world.post(
                    #"{"op":"renew","subscriptionId":"\#(id)","planId":"\#(alba.mobile30.gate)"}"#, by: alice,
                    of: alba)
                #expect(renewed.json["endAt"] == .integer(1_769_817_600_000 + 59 * day - hour))
                world.clock.advance(days: 80)
                #expect(try await listed("op=plans", "plans") == .integer(30 * day), "from 21 April")
                #expect(try await listed(renewals, "renewalPlans") == .integer(30 * day), "it has run out")
            }
        }
    }

    @Test func `what is not on the list of renewal plans does not renew`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                let made = "j97b2f6m1k4n8p3r5t7v9x0z"
                let cases: [(subscription: String, plan: PlanID, rest: String, outcome: String)] = [
                    (id, alba.berlin30, "", "409 plan_not_eligible"),
                    (id, alba.retired, "", "409 plan_inactive"),
                    (id, alba.paris30, "", "409 network_inactive"),
                    (id, alba.elsewhere, "", "400 invalid_plan_id"),
                    (id, world.brio.mobile30, "", "400 invalid_plan_id"),
                    (id, alba.mobile30, #","couponCode":"WELCOME20""#, "400 invalid_coupon_code"),
                    (id, alba.dear, #","repeatCount":120"#, "400 amount_too_large"),
                    (made, alba.mobile30, "", "404 subscription_not_found"),
                    // A field that is wrong comes before a subscription that is not there (G5).
                    (made, world.brio.mobile30, "", "400 invalid_plan_id"),
                    (alba.mobile30.gate, world.brio.mobile30, "", "400 invalid_plan_id"),
                ]
                for (subscription, plan, rest, outcome) in cases {
                    let reply = try await world.post(
                        #"{"op":"renew","subscriptionId":"\#(subscription)","planId":"\#(plan.gate)"\#(rest)}"#,
                        by: alice,
                        of: alba)
                    #expect(reply.outcome == outcome, "\(outcome) \(rest)")
                }
                #expect(try await world.balance(alba, alice) == 1000_00 - 12_00)
            }
        }
    }

    /// It is not listed any more, but its port is still kept: time that was not served is not charged.
    @Test func `a subscription that has run out is renewed from now`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile7, by: alice, of: alba)
                world.clock.advance(days: 7)

                #expect(try await world.subscription(id, by: alice, of: alba) == nil)
                for body in [
                    #"{"op":"change-credentials","subscriptionId":"\#(id)"}"#,
                    #"{"op":"set-rotation-policy","subscriptionId":"\#(id)","rotationPolicy":10}"#,
                    #"{"op":"switch-network","subscriptionId":"\#(id)","targetNetwork":"\#(alba.berlin.gate)"}"#,
                ] {
                    #expect(try await world.post(body, by: alice, of: alba).outcome == "409 invalid_state")
                }
                #expect(
                    try await world.get("op=available-networks&subscriptionId=\(id)", by: alice, of: alba)
                        .outcome
                        == "409 invalid_state")

                let plans = try await world.get("op=renewal-plans&subscriptionId=\(id)", by: alice, of: alba)
                #expect(plans.json["renewalPlans"]?.arrayValue?.count == 4)
                let renewed = try await world.post(
                    #"{"op":"renew","subscriptionId":"\#(id)","planId":"\#(alba.mobile7.gate)"}"#, by: alice,
                    of: alba)
                #expect(renewed.json["endAt"] == .integer(1_769_817_600_000 + 14 * 86_400_000))
                #expect(try await world.subscription(id, by: alice, of: alba) != nil)
            }
        }
    }

    @Test func `what has been ended is over for every operation`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile7, by: alice, of: alba)
                try await world.refundLastOrder(of: alice, at: alba)

                #expect(try await world.get("op=subscriptions", by: alice, of: alba).subscriptions.isEmpty)
                for query in ["renewal-plans", "available-networks"] {
                    let reply = try await world.get("op=\(query)&subscriptionId=\(id)", by: alice, of: alba)
                    #expect(reply.outcome == "409 invalid_state")
                }
                let renewed = try await world.post(
                    #"{"op":"renew","subscriptionId":"\#(id)","planId":"\#(alba.mobile7.gate)"}"#, by: alice,
                    of: alba)
                #expect(renewed.outcome == "409 invalid_state")
                let changed = try await world.post(
                    #"{"op":"change-credentials","subscriptionId":"\#(id)"}"#, by: alice, of: alba)
                #expect(changed.outcome == "409 invalid_state")
            }
        }
    }
}
