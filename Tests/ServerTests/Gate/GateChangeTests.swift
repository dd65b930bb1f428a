import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate changes", .database)
struct GateChangeTests {
    @Test func `new credentials are answered, listed and differ from the old ones`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                let before = try await world.subscription(id, by: alice, of: alba)
                let changed = try await world.post(
                    #"{"op":"change-credentials","subscriptionId":"\#(id)"}"#, by: alice, of: alba)
                let after = try await world.subscription(id, by: alice, of: alba)

                #expect(Array(changed.json.objectValue!.keys) == ["ok", "password", "vpn"])
                #expect(after?["credentials"]?["password"] == changed.json["password"])
                #expect(after?["credentials"]?["password"] != before?["credentials"]?["password"])
                #expect(after?["credentials"]?["username"] == before?["credentials"]?["username"])
                let vpn = try #require(changed.json["vpn"]?.stringValue)
                #expect(after?["protocols"]?["vless"]?.stringValue?.hasPrefix("vless://\(vpn)@") == true)
                #expect(after?["protocols"]?["shadowsocks"] != before?["protocols"]?["shadowsocks"])
            }
        }
    }

    @Test func `a rotation policy is set where the plan was sold with it`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let some = try await world.buy(alba.mobile7, by: alice, of: alba)
                let none = try await world.buy(alba.berlin30, by: alice, of: alba)
                func set(_ minutes: Int, _ id: String) async throws -> DoorReply {
                    try await world.post(
                        #"{"op":"set-rotation-policy","subscriptionId":"\#(id)","rotationPolicy":\#(minutes)}"#,
                        by: alice,
                        of: alba)
                }

                #expect(try await set(10, some).body == #"{"ok":true}"#)
                let listed = try await world.subscription(some, by: alice, of: alba)
                #expect(listed?["rotationPolicy"] == 10)
                #expect(listed?["rotate"]?["available"] == true)
                // The vendor allows 5, this plan does not.
                #expect(try await set(5, some).outcome == "409 rotation_unavailable")
                #expect(try await set(7, some).outcome == "400 invalid_rotation_policy")
                #expect(try await set(0, some).body == #"{"ok":true}"#)
                #expect(try await set(10, none).outcome == "409 rotation_unavailable")
                #expect(
                    try await world.subscription(none, by: alice, of: alba)?["rotate"]?["available"] == false)
            }
        }
    }

    @Test func `a switch keeps credentials, end, rotation and rotate link, and the port where it is free`()
        async throws
    {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let ids = [
                    try await world.buy(alba.mobile30, by: alice, of: alba),
                    try await world.buy(alba.mobile30, by: alice, of: alba),
                    try await world.buy(alba.mobile30, by: alice, of: alba),
                ]
                let before = try await world.subscription(ids[2], by: alice, of: alba)
                let networks = try await world.get(
                    "op=available-networks&subscriptionId=\(ids[2])", by: alice, of: alba)
                #expect(
                    networks.body == """
                        {"ok":true,"networks":[{"id":"\(alba.berlin.gate)","networkLabel":"DE-BER Berlin","country":"DE"}]}
                        """)
                func move(_ id: String, to network: NetworkID) async throws -> DoorReply {
                    try await world.post(
                        #"{"op":"switch-network","subscriptionId":"\#(id)","targetNetwork":"\#(network.gate)"}"#,
                        by: alice,
                        of: alba)
                }

                // 12003 is free in Berlin, 12001 is not there.
                let kept = try await move(ids[2], to: alba.berlin)
                #expect(kept.json["subscription"]?["label"] == "12003 - DE - Private")
                #expect(kept.json["subscription"]?["networkLabel"] == "DE-BER Berlin")
                for name in ["subscriptionId", "activeUntil", "credentials", "rotationPolicy", "rotate"] {
                    #expect(kept.json["subscription"]?[name] == before?[name], "\(name)")
                }
                #expect(kept.json["subscription"]?["protocols"]?["vless"] == nil)
                #expect(
                    kept.json["subscription"] == (try await world.subscription(ids[2], by: alice, of: alba)))
                let other = try await move(ids[0], to: alba.berlin)
                #expect(other.json["subscription"]?["label"] == "12004 - DE - Private")
                #expect(try await world.balance(alba, alice) == 1000_00 - 3 * 12_00)

                // It is renewed where it is now.
                let plans = try await world.get(
                    "op=renewal-plans&subscriptionId=\(ids[2])", by: alice, of: alba)
                #expect(
                    plans.json["renewalPlans"]?.arrayValue?.map { $0["id"]?.stringValue } == [
                        alba.berlin30.gate
                    ])
            }
        }
    }

    @Test func `a switch that cannot be made changes nothing`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                let before = try await world.subscription(id, by: alice, of: alba)
                let cases: [(subscription: String, network: NetworkID, outcome: String)] = [
                    (id, alba.amsterdam, "409 invalid_state"),
                    (id, alba.paris, "409 network_inactive"),
                    (id, alba.vienna, "409 invalid_state"),
                    (id, alba.madrid, "409 sold_out"),
                    (id, world.brio.berlin, "400 invalid_target_network"),
                    ("j97b2f6m1k4n8p3r5t7v9x0z", alba.berlin, "404 subscription_not_found"),
                    ("j97b2f6m1k4n8p3r5t7v9x0z", world.brio.berlin, "400 invalid_target_network"),
                ]
                for (subscription, network, outcome) in cases {
                    let reply = try await world.post(
                        #"{"op":"switch-network","subscriptionId":"\#(subscription)","targetNetwork":"\#(network.gate)"}"#,
                        by: alice, of: alba)
                    #expect(reply.outcome == outcome)
                }
                #expect(try await world.subscription(id, by: alice, of: alba) == before)
            }
        }
    }

    @Test func `the list is newest first`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                var ids: [String] = []
                for _ in 0..<3 {
                    ids.append(try await world.buy(alba.mobile30, by: alice, of: alba))
                    world.clock.advance(milliseconds: 1)
                }
                let listed = try await world.get("op=subscriptions", by: alice, of: alba).subscriptions
                #expect(listed.map { $0["subscriptionId"]?.stringValue } == ids.reversed())
            }
        }
    }

    @Test func `the workers are told of every change that was made, and of no other`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                #expect(world.slotChanges.value == 1)
                let change = #"{"op":"change-credentials","subscriptionId":"\#(id)"}"#
                let key = [("Idempotency-Key", "change-1")]
                for _ in 0..<2 {
                    #expect(try await world.post(change, by: alice, of: alba, headers: key).outcome == "200")
                }
                #expect(world.slotChanges.value == 2, "a repeat changes nothing")
                #expect(try await world.post(change, by: alice, of: world.brio).outcome != "200")
                #expect(world.slotChanges.value == 2)
            }
        }
    }
}
