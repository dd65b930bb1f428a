import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("What orders would cost, at the account API", .database)
struct AccountPreviewTests {
    private func world(_ body: (AccountWorld) async throws -> Void) async throws {
        var settings = AccountAPI.Settings()
        settings.previews = .off
        try await withDatabase { try await AccountWorld.with($0, settings: settings, body) }
    }

    private func amounts(_ reply: DoorReply) -> [String?] {
        ["list", "discount", "total"].map { reply.json[$0]?["amount"]?.stringValue }
            + [reply.json["refusal"]?.stringValue]
    }

    @Test func `a preview says what the order then costs, and reserves nothing`() async throws {
        try await world { world in
            let token = try await world.token("vic")
            let before = try await world.office.everything()
            for (body, expected) in [
                (#"{"plan":"month"}"#, ["12.00", "0.00", "12.00", nil]),
                (#"{"plan":"month","coupon":"welcome"}"#, ["12.00", "2.40", "9.60", nil]),
                (
                    #"{"plan":"month","quantity":2,"repeat_count":3,"coupon":"WELCOME"}"#,
                    ["72.00", "14.40", "57.60", nil]
                ),
                (#"{"plan":"v4","dialect":"opproxy"}"#, ["15.00", "0.00", "15.00", nil]),
                (#"{"plan":"month","quantity":9}"#, ["108.00", "0.00", "108.00", "insufficient_balance"]),
                (#"{"plan":"dear","coupon":"BIG"}"#, ["900.00", "450.00", "450.00", "insufficient_balance"]),
                (#"{"plan":"month","quantity":21}"#, [nil, nil, nil, "sold_out"]),
                (#"{"plan":"month","coupon":"NOTHING"}"#, [nil, nil, nil, "coupon_unknown"]),
                (#"{"plan":"month","coupon":"BIG"}"#, [nil, nil, nil, "coupon_below_minimum"]),
                (#"{"plan":"retired"}"#, [nil, nil, nil, "plan_not_sold"]),
            ] as [(String, [String?])] {
                let reply = try await world.ask(.post, "/v1/coupons/preview", body, as: token)
                #expect(reply.outcome == "200", "\(reply.body)")
                #expect(amounts(reply) == expected, "\(body)")
            }
            #expect(try await world.office.everything() == before)
            try await world.buy("month", #","couponCode":"WELCOME""#)
            let balance = try await world.ask(.get, "/v1/balance", as: token)
            #expect(balance.json["balance"]?["amount"] == "90.40")
        }
    }

    @Test(arguments: [
        (#"{}"#, "400 invalid_plan"), (#"{"plan":"none"}"#, "400 invalid_plan"),
        (#"{"plan":"month","dialect":"opproxy"}"#, "400 invalid_dialect"),
        (#"{"plan":"month","quantity":0}"#, "400 invalid_quantity"),
        (#"{"plan":"month","quantity":101}"#, "400 invalid_quantity"),
        (#"{"plan":"month","repeat_count":1.5}"#, "400 invalid_repeat_count"),
        (#"{"plan":"month","coupon":"no spaces here"}"#, "400 invalid_coupon"),
        (#"{"plan":"month","coupon":5}"#, "400 invalid_coupon"),
    ])
    func `what cannot be asked is refused by its field`(body: String, outcome: String) async throws {
        try await world { world in
            let token = try await world.token("ada")
            #expect(try await world.ask(.post, "/v1/coupons/preview", body, as: token).outcome == outcome)
        }
    }

    @Test func `the next renewal's price is known, with another plan and a coupon too`() async throws {
        try await world { world in
            let token = try await world.token("vic")
            let path = "/v1/subscriptions/\(try await world.buy("month"))/renewal"
            for (query, expected) in [
                ("", ["12.00", "0.00", "12.00", nil]),
                ("?plan=renewing&repeat_count=3&coupon=BIG", ["27.00", "13.50", "13.50", nil]),
                ("?coupon=WELCOME", [nil, nil, nil, "coupon_kind_not_covered"]),
                ("?plan=v4", [nil, nil, nil, "plan_not_sold"]),
                ("?repeat_count=9", ["108.00", "0.00", "108.00", "insufficient_balance"]),
            ] as [(String, [String?])] {
                let reply = try await world.ask(.get, path + query, as: token)
                #expect(reply.outcome == "200", "\(reply.body)")
                #expect(amounts(reply) == expected, "\(query)")
            }
            let plain = try await world.ask(.get, path, as: token)
            #expect(plain.json["active_until"] == "2026-04-01T00:00:00.000Z")
            for (query, outcome) in [
                ("?plan=none", "400 invalid_plan"), ("?repeat_count=0", "400 invalid_repeat_count"),
                ("?repeat_count=x", "400 invalid_repeat_count"), ("?coupon=a%20b", "400 invalid_coupon"),
            ] {
                #expect(try await world.ask(.get, path + query, as: token).outcome == outcome)
            }
        }
    }

    @Test func `guessing at coupons is bounded, whatever else is asked`() async throws {
        try await withDatabase { database in
            var settings = AccountAPI.Settings()
            settings.previews = .sliding(limit: 2, window: 60_000)
            try await AccountWorld.with(database, settings: settings) { world in
                let token = try await world.token("ada")
                let body = #"{"plan":"month","coupon":"GUESS"}"#
                for _ in 0..<2 {
                    let reply = try await world.ask(.post, "/v1/coupons/preview", body, as: token)
                    #expect(reply.outcome == "200")
                }
                let third = try await world.ask(.post, "/v1/coupons/preview", body, as: token)
                #expect(third.outcome == "429 rate_limited")
                #expect(try await world.ask(.get, "/v1/balance", as: token).outcome == "200")
            }
        }
    }
}
