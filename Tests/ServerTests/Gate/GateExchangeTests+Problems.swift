import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

extension GateExchangeTests {
    func wrongRequests(_ stage: GateStage, _ subscription: String) async throws {
        let plan = stage.world.alba.mobile30.gate
        try await stage.post("invalid-json", #"{"op":"purchase","#)
        try await stage.post("body-not-object", #"["purchase"]"#)
        try await stage.post("unknown-op", #"{"op":"plans"}"#)
        try await stage.get("unknown-op-in-query", "op=purchase")
        try await stage.get("repeated-op", "op=plans&op=plans")
        try await stage.post("invalid-plan-id", #"{"op":"purchase","planId":"k17m3q5v7n9p1r2t4w6y8z0a"}"#)
        try await stage.get("invalid-subscription-id", "op=renewal-plans")
        try await stage.post(
            "invalid-target-network",
            #"{"op":"switch-network","subscriptionId":"\#(subscription)","targetNetwork":null}"#)
        try await stage.post(
            "invalid-rotation-policy",
            #"{"op":"set-rotation-policy","subscriptionId":"\#(subscription)","rotationPolicy":7}"#)
        try await stage.post(
            "invalid-repeat-count", #"{"op":"purchase","planId":"\#(plan)","repeatCount":1.5}"#)
        try await stage.post("invalid-quantity", #"{"op":"purchase","planId":"\#(plan)","quantity":101}"#)
    }

    func refusedOrders(_ stage: GateStage, _ subscription: String) async throws {
        let alba = stage.world.alba
        func order(
            _ name: String, _ plan: PlanID, _ rest: String = "", by customer: GateCustomer? = nil
        ) async throws {
            try await stage.post(name, #"{"op":"purchase","planId":"\#(plan.gate)"\#(rest)}"#, by: customer)
        }
        try await order("amount-too-large", alba.dear, #","repeatCount":120"#)
        try await order("invalid-coupon-code", alba.mobile30, #","couponCode":"NOPE""#)
        try await order("insufficient-balance", alba.mobile30, by: alba.bob)
        try await order("sold-out", alba.madrid30)
        try await order("float-exhausted", alba.resold)
        try await order("plan-inactive", alba.retired)
        try await order("network-inactive", alba.paris30)
        try await stage.post("forbidden", #"{"op":"trial","planId":"\#(alba.mobile30.gate)"}"#, by: alba.bob)
        try await stage.post("trial-used", #"{"op":"trial","planId":"\#(alba.mobile30.gate)"}"#)
        try await stage.post("trial-not-offered", #"{"op":"trial","planId":"\#(alba.mobile7.gate)"}"#)
        // It was moved to Berlin.
        try await stage.post(
            "plan-not-eligible",
            #"{"op":"renew","subscriptionId":"\#(subscription)","planId":"\#(alba.mobile30.gate)"}"#)
        try await stage.post(
            "subscription-not-found",
            #"{"op":"renew","subscriptionId":"j97b2f6m1k4n8p3r5t7v9x0z","planId":"\#(alba.mobile30.gate)"}"#)
    }

    func refusedChanges(_ stage: GateStage) async throws {
        let alba = stage.world.alba
        let week = try await stage.world.buy(alba.mobile7, by: alba.alice, of: alba)
        let fixed = try await stage.world.buy(alba.vienna30, by: alba.alice, of: alba)
        try await stage.post(
            "rotation-unavailable",
            #"{"op":"set-rotation-policy","subscriptionId":"\#(fixed)","rotationPolicy":10}"#)
        stage.world.clock.advance(days: 7)
        try await stage.post("invalid-state", #"{"op":"change-credentials","subscriptionId":"\#(week)"}"#)
        try await stage.play(
            "rotate-link-not-found", DoorRequest(method: .get, target: "/r/abcd1234", host: alba.host))
    }

    func transport(_ stage: GateStage) async throws {
        let (world, alba) = (stage.world, stage.world.alba)
        let key = [("x-api-key", alba.alice.key)]
        func ask(_ name: String, _ method: HTTPRequest.Method, _ target: String) async throws {
            try await stage.play(
                name, DoorRequest(method: method, target: target, host: alba.host, headers: key))
        }
        try await ask("not-found", .get, "/api/proxy/")
        try await ask("method-not-allowed", .delete, "/api/proxy")
        try await ask("options", .options, "/api/proxy")
        try await stage.play(
            "unauthorized", DoorRequest(method: .get, target: "/api/proxy?op=plans", host: alba.host))
        try await stage.play(
            "unauthorized-of-another-tenant",
            DoorRequest(
                method: .get, target: "/api/proxy?op=plans", host: alba.host,
                headers: [("x-api-key", world.brio.alice.key)]))

        var upload = DoorRequest(
            method: .post, target: "/api/proxy", host: alba.host,
            headers: key + [("Content-Type", "text/plain")],
            body: #"{"op":"trial"}"#)
        try await stage.play("unsupported-media-type", upload)
        upload.headers = key + [("Content-Type", "application/json"), ("Content-Length", "65537")]
        upload.body = "(65537 spaces)"
        let shown = upload.text
        upload.body = String(repeating: " ", count: 65_537)
        try await stage.play("body-too-large", upload, shown: shown)
        try await brokenBodies(stage)

        try await world.execute("UPDATE api_keys SET rate_limit = '1/1m' WHERE id = \(alba.bob.keyID)")
        _ = try await world.get("op=plans", by: alba.bob, of: alba)
        try await stage.get("rate-limited", "op=plans", by: alba.bob)
    }

    /// Bodies that never arrive as a whole; what the client did to them stands in brackets.
    private func brokenBodies(_ stage: GateStage) async throws {
        func upload(_ framing: (String, String), _ body: String) -> DoorRequest {
            DoorRequest(
                method: .post, target: "/api/proxy", host: stage.world.alba.host,
                headers: [
                    ("x-api-key", stage.world.alba.alice.key), ("Content-Type", "application/json"), framing,
                ], body: body)
        }
        try await stage.play(
            "request-timeout", upload(("Content-Length", "64"), #"{"op": (and nothing more for 20 s)"#),
            reading: .tooSlow)
        try await stage.play(
            "malformed-request", upload(("Transfer-Encoding", "chunked"), "(a chunk without a length)"),
            reading: .malformed)
        try await stage.play(
            "no-room-for-body", upload(("Content-Length", "65536"), "(while 64 MiB are being uploaded)"),
            reading: .noRoom)
    }

    /// What is our own fault is said in the vendor's envelope too.
    func failures(_ stage: GateStage) async throws {
        let (world, alba) = (stage.world, stage.world.alba)
        try await world.execute("UPDATE slots SET secret = 'damaged' WHERE tenant_id = \(alba.id)")
        try await stage.get("internal", "op=subscriptions")
        await world.engine.stop()
        try await stage.post("unavailable", #"{"op":"purchase","planId":"\#(alba.mobile7.gate)"}"#)
    }
}
