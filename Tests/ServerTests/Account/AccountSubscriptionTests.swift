import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Subscriptions at the account API", .database)
struct AccountSubscriptionTests {
    private func world(_ body: (AccountWorld) async throws -> Void) async throws {
        try await withDatabase { try await AccountWorld.with($0, body) }
    }

    @Test func `a subscription is shown with its periods and ports, and no password`() async throws {
        try await world { world in
            let token = try await world.token("vic")
            let id = try await world.buy("month", #","repeatCount":2"#)
            let reply = try await world.ask(.get, "/v1/subscriptions/\(id)", as: token)
            #expect(reply.json["state"] == "active" && reply.json["plan"] == "month")
            let terms = try #require(reply.json["terms"]?.arrayValue)
            #expect(terms.map { $0["amount"]?["amount"] } == ["12.00", "12.00"])
            #expect(terms[0]["ends_at"] == terms[1]["starts_at"])
            let port = try #require(reply.json["ports"]?.arrayValue?.first)
            #expect(port["host"] == "one.alba.test")
            #expect(!reply.body.contains("password") && !reply.body.contains("secret"))
        }
    }

    @Test func `subscriptions come in pages and by state`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            var ids: [String] = []
            for _ in 0..<3 {
                ids.insert(try await world.buy("month").description, at: 0)
                world.clock.advance(milliseconds: 1_000)
            }
            try await world.buy("month", for: "ben")
            let first = try await world.ask(.get, "/v1/subscriptions?limit=2", as: token)
            let cursor = try #require(first.json["next_cursor"]?.stringValue)
            let second = try await world.ask(.get, "/v1/subscriptions?limit=2&cursor=\(cursor)", as: token)
            #expect(second.json["next_cursor"] == .null)
            let seen = [first, second].flatMap { $0.json["items"]?.arrayValue ?? [] }
            #expect(seen.map { $0["id"]?.stringValue } == ids)
            func count(_ query: String) async throws -> Int? {
                try await world.ask(.get, "/v1/subscriptions?\(query)", as: token).json["items"]?.arrayValue?
                    .count
            }
            #expect(try await count("state=active") == 3)
            #expect(try await count("plan=renewing") == 0)
            world.clock.advance(days: 30)
            let late = try await world.token("ada")
            let expired = try await world.ask(.get, "/v1/subscriptions?state=expired", as: late)
            #expect(expired.json["items"]?.arrayValue?.count == 3)
            let bad = try await world.ask(.get, "/v1/subscriptions?state=gone", as: late)
            #expect(bad.outcome == "400 invalid_state")
        }
    }

    @Test func `a note is the customer's own, and the gate shows it`() async throws {
        try await world { world in
            let token = try await world.token("eve")
            let id = try await world.buy("month")
            let path = "/v1/subscriptions/\(id)"
            for (note, outcome, kept) in [
                (#""for the office""#, "200", "for the office"), (#""line\nline 🗝""#, "200", "line\nline 🗝"),
                (#""\#(String(repeating: "é", count: 500))""#, "200", String(repeating: "é", count: 500)),
                (
                    #""\#(String(repeating: "e", count: 501))""#, "400 invalid_note",
                    String(repeating: "é", count: 500)
                ),
                (#""tab\there""#, "400 invalid_note", String(repeating: "é", count: 500)),
                ("7", "400 invalid_note", String(repeating: "é", count: 500)), (#""last""#, "200", "last"),
            ] {
                let reply = try await world.ask(.patch, path, #"{"note":\#(note)}"#, as: token)
                #expect(reply.outcome == outcome)
                let shown = try await world.ask(.get, path, as: token)
                #expect(shown.json["note"]?.stringValue == kept)
            }
            let gate = try await world.ask(
                DoorRequest(
                    method: .get, target: "/t/alba/gate/api/proxy?op=subscriptions", host: "localhost",
                    headers: [("x-api-key", AccountWorld.key("ann", "alba"))]))
            #expect(gate.json["subscriptions"]?.arrayValue?.first?["userNote"] == "last")
            for empty in ["null", #""""#] {
                let cleared = try await world.ask(.patch, path, #"{"note":\#(empty)}"#, as: token)
                #expect(cleared.json["note"] == .null)
            }
        }
    }

    @Test func `automatic renewal is turned on and off, and what is so already changes nothing`() async throws
    {
        try await world { world in
            let token = try await world.token("eve")
            let id = try await world.buy("renewing")
            let path = "/v1/subscriptions/\(id)"
            let shown = try await world.ask(.get, path, as: token)
            #expect(shown.json["auto_renew"] == true)
            let due = shown.json["renews_at"]
            for (wanted, at) in [
                ("false", JSON?.some(.null)), ("false", .null), ("true", due), ("true", due),
            ] {
                let reply = try await world.ask(.patch, path, #"{"auto_renew":\#(wanted)}"#, as: token)
                #expect(reply.json["renews_at"] == at)
            }
            #expect(
                try await world.office.ask(
                    "SELECT kind, (payload->>'actor' LIKE 'person %')::text FROM outbox_events WHERE kind LIKE 'subscription.auto%' ORDER BY id"
                )
                    == ["subscription.auto_renewal_off true", "subscription.auto_renewal_on true"])
            for (body, outcome) in [
                ("{}", "400 nothing_to_change"), (#"{"auto_renew":1}"#, "400 invalid_auto_renew"),
                (#"{"auto_renew":null}"#, "400 invalid_auto_renew"), ("[]", "400 invalid_body"),
            ] {
                #expect(try await world.ask(.patch, path, body, as: token).outcome == outcome)
            }
        }
    }

    /// One request, one transaction: the note is not written where the rest is refused.
    @Test func `what is parked or over is not turned on, and nothing else of the request is done`()
        async throws
    {
        try await world { world in
            let token = try await world.token("eve")
            let id = try await world.buy("renewing")
            let path = "/v1/subscriptions/\(id)"
            let both = #"{"note":"mine","auto_renew":true}"#
            try await world.database.execute(
                "UPDATE subscriptions SET renews_at = NULL, parked_at = now(), parked_reason = 'insufficient_balance' "
                    + "WHERE id = '\(id)'")
            #expect(try await world.ask(.patch, path, both, as: token).outcome == "409 subscription_parked")
            let shown = try await world.ask(.get, path, as: token)
            #expect(shown.json["note"] == .null && shown.json["parked"] == "insufficient_balance")
            _ = try await world.ask(.patch, path, #"{"auto_renew":false}"#, as: token)
            #expect(try await world.ask(.patch, path, both, as: token).json["auto_renew"] == true)

            _ = try await OperatorWork(
                pool: world.database.owner, identifiers: world.parts.ids, random: SeededRandom(seed: 4),
                actor: "an operator"
            ).refund(
                OrderID(bits: IdentifierBits(uuidString: shown.json["order"]?.stringValue ?? "")!),
                of: "alba",
                OperatorWork.RefundRequest())
            #expect(
                try await world.ask(.patch, path, #"{"note":"late","auto_renew":true}"#, as: token).outcome
                    == "409 subscription_ended")
            let late = try await world.ask(.patch, path, #"{"note":"late"}"#, as: token)
            #expect(late.json["note"] == "late" && late.json["state"] == "ended")
        }
    }
}
