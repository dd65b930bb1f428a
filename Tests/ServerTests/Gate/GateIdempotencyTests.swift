import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate idempotency", .database)
struct GateIdempotencyTests {
    @Test func `the same key twice buys once and answers the same bytes`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                func buy(_ spelling: String) async throws -> DoorReply {
                    try await world.post(
                        spelling, by: alice, of: alba, headers: [("Idempotency-Key", "order 17")])
                }
                let first = try await buy(
                    #"{"op":"purchase","planId":"\#(alba.mobile30.gate)","quantity":2}"#)
                world.clock.advance(days: 1)
                // Another spelling of the same request: white space, order of members, way to write a number.
                let second = try await buy(
                    #"{ "quantity": 2.0, "planId":"\#(alba.mobile30.gate)", "op":"purchase" }"#)

                #expect(first.outcome == "200")
                #expect(first.headers[.idempotencyHit] == nil)
                #expect(second.body == first.body)
                #expect(second.headers[.idempotencyHit] == "true")
                #expect(try await world.count("orders", alba) == 1)
                #expect(try await world.balance(alba, alice) == 1000_00 - 24_00)
            }
        }
    }

    @Test func `the same key with another body is refused`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let key = [("Idempotency-Key", "k")]
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                let bodies = [
                    #"{"op":"purchase","planId":"\#(alba.mobile30.gate)"}"#,
                    #"{"op":"purchase","planId":"\#(alba.mobile7.gate)"}"#,
                    #"{"op":"change-credentials","subscriptionId":"\#(id)"}"#,
                    #"{"op":"renew","subscriptionId":"\#(id)","planId":"\#(alba.mobile30.gate)"}"#,
                ]
                var outcomes: [String] = []
                for body in bodies {
                    outcomes.append(try await world.post(body, by: alice, of: alba, headers: key).outcome)
                }

                #expect(outcomes == ["200"] + [String](repeating: "409 idempotency_key_reused", count: 3))
                #expect(try await world.count("orders", alba) == 2)
                // Another caller's key of the same name is another key.
                let bobs = try await world.post(
                    #"{"op":"purchase","planId":"\#(alba.mobile7.gate)"}"#, by: alba.bob, of: alba,
                    headers: key)
                #expect(bobs.outcome == "200")
                let brios = try await world.post(
                    #"{"op":"purchase","planId":"\#(world.brio.mobile7.gate)"}"#, by: world.brio.alice,
                    of: world.brio,
                    headers: key)
                #expect(brios.outcome == "200")
            }
        }
    }

    @Test func `changes are made once per key too`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                for (key, body) in [
                    ("a", #"{"op":"change-credentials","subscriptionId":"\#(id)"}"#),
                    ("b", #"{"op":"set-rotation-policy","subscriptionId":"\#(id)","rotationPolicy":10}"#),
                    (
                        "c",
                        #"{"op":"switch-network","subscriptionId":"\#(id)","targetNetwork":"\#(alba.berlin.gate)"}"#
                    ),
                    ("d", #"{"op":"renew","subscriptionId":"\#(id)","planId":"\#(alba.berlin30.gate)"}"#),
                ] {
                    let first = try await world.post(
                        body, by: alice, of: alba, headers: [("Idempotency-Key", key)])
                    let second = try await world.post(
                        body, by: alice, of: alba, headers: [("Idempotency-Key", key)])
                    #expect(first.outcome == "200", "\(first.body)")
                    #expect(first.headers[.idempotencyHit] == nil)
                    #expect(second.body == first.body)
                    #expect(second.headers[.idempotencyHit] == "true")
                }
                #expect(try await world.balance(alba, alice) == 1000_00 - 12_00 - 14_00)
            }
        }
    }

    /// Nothing was done, so the same request may succeed later under the same key.
    @Test func `a refusal is not remembered`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, bob) = (world.alba, world.alba.bob)
                func buy() async throws -> DoorReply {
                    try await world.post(
                        #"{"op":"purchase","planId":"\#(alba.mobile30.gate)"}"#, by: bob, of: alba,
                        headers: [("Idempotency-Key", "later")])
                }
                #expect(try await buy().outcome == "402 insufficient_balance")
                try await world.topUp(alba, bob, 1)
                #expect(try await buy().outcome == "200")
                #expect(try await world.balance(alba, bob) == 0)
            }
        }
    }

    /// A key that cannot be one is refused after the fields and before anything is done.
    @Test(arguments: ["", "\u{7F}", "ключ", String(repeating: "k", count: 256)])
    func `a malformed key is refused`(key: String) async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let headers = [("Idempotency-Key", key)]
                let reply = try await world.post(
                    #"{"op":"purchase","planId":"\#(alba.mobile30.gate)"}"#, by: alice, of: alba,
                    headers: headers)
                #expect(reply.outcome == "400 invalid_idempotency_key")
                let wrong = try await world.post(#"{"op":"purchase"}"#, by: alice, of: alba, headers: headers)
                #expect(wrong.outcome == "400 invalid_plan_id")
                #expect(
                    try await world.get("op=plans", by: alice, of: alba, headers: headers).outcome == "200")
                #expect(try await world.count("orders", alba) == 0)
            }
        }
    }

    @Test func `twenty at once under one key buy once`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let replies = try await withThrowingTaskGroup(of: DoorReply.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            try await world.post(
                                #"{"op":"purchase","planId":"\#(alba.mobile30.gate)"}"#, by: alice, of: alba,
                                headers: [("Idempotency-Key", "once")])
                        }
                    }
                    return try await group.reduce(into: [DoorReply]()) { $0.append($1) }
                }
                let done = replies.filter { $0.outcome == "200" }
                #expect(!done.isEmpty)
                #expect(Set(done.map(\.body)).count == 1)
                #expect(done.count { $0.headers[.idempotencyHit] == nil } == 1)
                #expect(replies.allSatisfy { ["200", "409 idempotency_key_in_flight"].contains($0.outcome) })
                #expect(try await world.count("orders", alba) == 1)
            }
        }
    }
}
