import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate purchases", .database)
struct GatePurchaseTests {
    @Test func `a purchase answers with working credentials and the list shows the same`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let bought = try await world.post(
                    #"{"op":"purchase","planId":"\#(alba.mobile30.gate)"}"#, by: alice, of: alba)
                let listed = try await world.get("op=subscriptions", by: alice, of: alba)

                #expect(bought.outcome == "200")
                #expect(bought.json["subscription"]?["label"] == "12001 - NL - Private")
                #expect(bought.json["subscription"]?["credentials"]?["password"] == "p_alba12001")
                #expect(
                    bought.json["subscription"]?["activeUntil"] == .integer(1_769_817_600_000 + 2_592_000_000)
                )
                #expect(bought.json["subscriptions"] == nil)
                #expect(listed.subscriptions == bought.subscriptions)
                #expect(try await world.balance(alba, alice) == 1000_00 - 12_00)
                #expect(try await world.balance(world.brio, world.brio.alice) == 1000_00)
            }
        }
    }

    @Test func `coupon, repeatCount and quantity make one order`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let reply = try await world.post(
                    #"""
                    {"op":"purchase","planId":"\#(alba.mobile30.gate)","couponCode":"welcome20","repeatCount":3,"quantity":2}
                    """#, by: alice, of: alba)

                #expect(reply.subscriptions.count == 2)
                #expect(reply.json["subscriptionIds"]?.arrayValue?.count == 2)
                #expect(reply.json["subscription"] == nil)
                #expect(reply.json["subscriptionId"] == reply.subscriptions[0]["subscriptionId"])
                for subscription in reply.subscriptions {
                    #expect(subscription["activeUntil"] == .integer(1_769_817_600_000 + 3 * 2_592_000_000))
                }
                #expect(try await world.count("orders", alba) == 1)
                #expect(try await world.balance(alba, alice) == 1000_00 - 72_00 * 80 / 100)
            }
        }
    }

    /// Each names what is wrong, and nothing is charged for any of them.
    @Test func `a purchase that cannot be made changes nothing`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let alba = world.alba
                let cases: [(String, GateCustomer, String)] = [
                    (#""planId":"\#(alba.retired.gate)""#, alba.alice, "409 plan_inactive"),
                    (#""planId":"\#(alba.paris30.gate)""#, alba.alice, "409 network_inactive"),
                    (#""planId":"\#(alba.onRequest.gate)""#, alba.alice, "409 plan_inactive"),
                    (#""planId":"\#(alba.elsewhere.gate)""#, alba.alice, "400 invalid_plan_id"),
                    (#""planId":"\#(alba.foreign.gate)""#, alba.alice, "400 invalid_plan_id"),
                    (#""planId":"\#(alba.madrid30.gate)""#, alba.alice, "409 sold_out"),
                    (#""planId":"\#(alba.mobile30.gate)","quantity":13"#, alba.alice, "409 sold_out"),
                    (#""planId":"\#(alba.resold.gate)""#, alba.alice, "409 sold_out"),
                    (
                        #""planId":"\#(alba.mobile30.gate)","couponCode":"NOPE""#, alba.alice,
                        "400 invalid_coupon_code"
                    ),
                    (
                        #""planId":"\#(alba.mobile30.gate)","couponCode":"ENDED""#, alba.alice,
                        "400 invalid_coupon_code"
                    ),
                    (#""planId":"\#(alba.mobile30.gate)""#, alba.bob, "402 insufficient_balance"),
                    (
                        #""planId":"\#(alba.mobile7.gate)","repeatCount":120,"quantity":2"#, alba.bob,
                        "402 insufficient_balance"
                    ),
                    (#""planId":"\#(alba.dear.gate)","repeatCount":120"#, alba.alice, "400 amount_too_large"),
                    (
                        #""planId":"\#(alba.dear.gate)","repeatCount":100"#, alba.alice,
                        "402 insufficient_balance"
                    ),
                    // Sold out beats an empty wallet, a bad coupon beats both (G5).
                    (#""planId":"\#(alba.madrid30.gate)","quantity":100"#, alba.bob, "409 sold_out"),
                    (
                        #""planId":"\#(alba.madrid30.gate)","couponCode":"NOPE""#, alba.bob,
                        "400 invalid_coupon_code"
                    ),
                    (#""planId":"\#(alba.retired.gate)","couponCode":"NOPE""#, alba.bob, "409 plan_inactive"),
                ]
                for (fields, customer, outcome) in cases {
                    let reply = try await world.post(
                        "{\"op\":\"purchase\",\(fields)}", by: customer, of: alba)
                    #expect(reply.outcome == outcome, "\(fields)")
                }

                #expect(try await world.count("orders", alba) == 0)
                #expect(try await world.balance(alba, alba.alice) == 1000_00)
                #expect(try await world.balance(alba, alba.bob) == 11_99)
            }
        }
    }

    @Test func `a whole discount is an order of nothing`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let reply = try await world.post(
                    #"{"op":"purchase","planId":"\#(world.alba.mobile30.gate)","couponCode":"FREE"}"#,
                    by: world.alba.bob,
                    of: world.alba)

                #expect(reply.outcome == "200")
                #expect(try await world.balance(world.alba, world.alba.bob) == 11_99)
            }
        }
    }

    @Test func `a coupon's last use is used once`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, body) = (
                    world.alba,
                    #"{"op":"purchase","planId":"\#(world.alba.mobile7.gate)","couponCode":"LASTONE"}"#
                )
                let first = try await world.post(body, by: alba.alice, of: alba)
                let second = try await world.post(body, by: alba.bob, of: alba)

                #expect(first.outcome == "200")
                #expect(second.outcome == "400 invalid_coupon_code")
            }
        }
    }

    @Test func `a trial is once per customer and plan, and only for enabled keys`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice, bob) = (world.alba, world.alba.alice, world.alba.bob)
                func trial(_ plan: PlanID, _ customer: GateCustomer) async throws -> DoorReply {
                    try await world.post(#"{"op":"trial","planId":"\#(plan.gate)"}"#, by: customer, of: alba)
                }

                let first = try await trial(alba.mobile30, alice)
                #expect(first.outcome == "200")
                #expect(first.json["subscription"]?["activeUntil"] == .integer(1_769_817_600_000 + 3_600_000))
                #expect(try await trial(alba.mobile30, alice).outcome == "409 trial_used")
                #expect(try await trial(alba.mobile7, alice).outcome == "409 trial_not_offered")
                #expect(try await trial(alba.madrid30, alice).outcome == "409 sold_out")
                #expect(try await trial(alba.mobile30, bob).outcome == "403 forbidden")
                // A plan that is not there is a wrong field, and comes before the right to a trial.
                #expect(try await trial(alba.elsewhere, bob).outcome == "400 invalid_plan_id")
                #expect(try await trial(world.brio.mobile30, bob).outcome == "400 invalid_plan_id")
                #expect(try await world.balance(alba, alice) == 1000_00)
            }
        }
    }
}
