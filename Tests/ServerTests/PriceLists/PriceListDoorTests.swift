import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Price lists at the doors", .database)
struct PriceListDoorTests {
    /// Alba's Ann is a partner, who pays 10.00 for a month, 2.00 for what is dear and 16 for what rotates.
    private static let partners = edited(
        "    username: ann\n", "    username: ann\n        group: partner\n",
        in: edited(
            "    customers:",
            """
                groups:
                  - {code: partner, prices: {month: "10.00 EUR", dear: "2.00 EUR", v4: "16 EUR"}}
                customers:
            """, in: AccountWorld.file))

    private func world(_ body: (AccountWorld) async throws -> Void) async throws {
        var settings = AccountAPI.Settings()
        settings.previews = .off
        try await withDatabase { database in
            try await AccountWorld.with(database, settings: settings) { world in
                try await world.office.apply(Self.partners)
                try await body(world)
            }
        }
    }

    private func gate(
        _ world: AccountWorld, _ query: String, by who: String, of slug: String = "alba"
    ) async throws -> DoorReply {
        try await world.ask(
            DoorRequest(
                method: .get, target: "/t/\(slug)/gate/api/proxy?\(query)", host: "localhost",
                headers: [("x-api-key", AccountWorld.key(who, slug))]))
    }

    private func prices(_ reply: DoorReply, _ list: String) -> [Int64] {
        (reply.json[list]?.arrayValue ?? []).compactMap { $0["priceAmountCents"]?.integralValue }
    }

    @Test func `a customer is shown what they pay, in the order of the catalogue, and pays that`()
        async throws
    {
        try await world { world in
            #expect(prices(try await gate(world, "op=plans", by: "ann"), "plans") == [10_00, 9_00, 2_00])
            #expect(prices(try await gate(world, "op=plans", by: "ben"), "plans") == [12_00, 9_00, 900_00])
            #expect(
                prices(try await gate(world, "op=plans", by: "ann", of: "brio"), "plans")
                    == [12_00, 9_00, 900_00])

            let id = try await world.buy("month")
            let token = try await world.token("vic")
            let balance = try await world.ask(.get, "/v1/balance", as: token)
            #expect(balance.json["balance"]?["amount"] == "90.00")
            let renewals = try await gate(
                world, "op=renewal-plans&subscriptionId=\(id.bits.base36String)", by: "ann")
            #expect(prices(renewals, "renewalPlans") == [10_00, 9_00, 2_00])
            let renewal = try await world.ask(.get, "/v1/subscriptions/\(id)/renewal", as: token)
            #expect(renewal.json["total"]?["amount"] == "10.00", "\(renewal.body)")
        }
    }

    @Test func `a preview is by the customer's list, and says it where the wallet is short too`() async throws
    {
        try await world { world in
            let body = #"{"plan":"month","quantity":11,"coupon":"WELCOME"}"#
            for (who, slug, amounts) in [
                ("vic", "alba", ["110.00", "22.00", "88.00"]),
                ("bea", "alba", ["132.00", "26.40", "105.60"]),
                ("vic", "brio", ["132.00", "26.40", "105.60"]),
            ] {
                let token = try await world.token(who, of: slug)
                let reply = try await world.ask(.post, "/v1/coupons/preview", body, as: token, of: slug)
                let told = ["list", "discount", "total"].map { reply.json[$0]?["amount"]?.stringValue }
                #expect(told == amounts, "\(who) of \(slug): \(reply.body)")
                #expect((reply.json["refusal"] == "insufficient_balance") == (amounts[2] == "105.60"))
            }
        }
    }

    @Test func `a double that is made with a test key pays by the sandbox's list of the same name`()
        async throws
    {
        try await world { world in
            let token = try await world.token("ada")
            let body = AccountWorld.proof(nil, #","dialect":"gate","environment":"test""#)
            let made = try await world.ask(.post, "/v1/keys", body, as: token)
            let key = try #require(made.json["key"]?.stringValue, "\(made.body)")
            let listed = try await world.ask(
                DoorRequest(
                    method: .get, target: "/t/alba/gate/api/proxy?op=plans", host: "localhost",
                    headers: [("x-api-key", key)]))
            #expect(prices(listed, "plans") == [10_00, 9_00, 2_00], "\(listed.body)")
            #expect(
                try await world.office.ask(
                    """
                    SELECT t.slug, g.code FROM customers c JOIN tenants t ON t.id = c.tenant_id
                    JOIN customer_groups g ON g.tenant_id = c.tenant_id AND g.id = c.group_id ORDER BY 1
                    """) == ["alba partner", "alba-sandbox partner"])
        }
    }

    @Test func `what leaves a group, or a group that is switched off, pays the plan's price at once`()
        async throws
    {
        try await world { world in
            let off = edited("{code: partner, ", "{code: partner, active: false, ", in: Self.partners)
            for (file, first) in [
                (off, 12_00 as Int64), (Self.partners, 10_00),
                (edited("group: partner", "group: null", in: Self.partners), 12_00),
            ] {
                try await world.office.apply(file)
                #expect(prices(try await gate(world, "op=plans", by: "ann"), "plans").first == first)
                let before = try await world.ask(.get, "/v1/balance", as: world.token("vic"))
                try await world.buy("month")
                let after = try await world.ask(.get, "/v1/balance", as: world.token("vic"))
                #expect(spent(before, after) == first)
            }
        }
    }

    private func spent(_ before: DoorReply, _ after: DoorReply) -> Int64? {
        let amounts = [before, after].map {
            Int64(($0.json["balance"]?["amount"]?.stringValue ?? "").replacing(".", with: ""))
        }
        guard let before = amounts[0], let after = amounts[1] else { return nil }
        return before - after
    }
}

@Suite("Price lists at OP-Proxy", .database)
struct OPProxyPriceListTests {
    private func inWorld(_ list: String, _ body: (OPWorld) async throws -> Void) async throws {
        try await withDatabase { database in
            try await OPWorld.with(database, settings: OPProxy.Settings()) { world in
                let file = edited(
                    "    customers:",
                    "    groups: [{code: fleet, prices: {\(list)}}]\n    customers:",
                    in: "tenants:\n" + OPTenant.yaml("volga"))
                try await Office(database: database).apply(
                    edited("username: carol,", "username: carol, group: fleet,", in: file))
                try await body(world)
            }
        }
    }

    private func price(
        _ plan: String, by customer: String, of tenant: OPTenant, _ world: OPWorld
    ) async throws -> JSON? {
        try await world.ask(.get, "/catalog/plans", by: customer, of: tenant).data["plans"]?.arrayValue?
            .first { $0["plan_id"]?.stringValue == tenant.plan(plan) }?["price"]
    }

    @Test func `a list's price is shown and charged, and is nobody else's`() async throws {
        try await inWorld(#"v6: "800 RUB", kopecks: "99 RUB""#) { world in
            let (volga, neva) = (world.volga, world.neva)
            #expect(try await price("v6", by: "carol", of: volga, world) == 800)
            #expect(try await price("v6", by: "dave", of: volga, world) == 900)
            #expect(try await price("v6", by: "carol", of: neva, world) == 900)
            let id = try await world.buy("v6", of: volga)
            #expect(try await world.balance("carol", of: volga) == 150_000_00 - 800_00)
            let extended = try await world.ask(.post, "/services/\(id)/extend", of: volga)
            #expect(extended.outcome == "200", "\(extended.body)")
            #expect(try await world.balance("carol", of: volga) == 150_000_00 - 1_600_00)

            // A plan that this dialect cannot sell at its own price can be sold at a group's.
            #expect(try await price("kopecks", by: "carol", of: volga, world) == 99)
            #expect(try await price("kopecks", by: "dave", of: volga, world) == nil)
            try await world.buy("kopecks", "ipv4_rotating", of: volga)
            let dave = try await world.purchase("kopecks", "ipv4_rotating", by: "dave", of: volga)
            #expect(dave.outcome == "400 invalid_plan_id")
        }
    }

    @Test func `a list's price in kopecks is not offered, and moves nothing`() async throws {
        try await inWorld(#"v6: "799.50 RUB""#) { (world: OPWorld) async throws in
            let volga = world.volga
            #expect(try await price("v6", by: "carol", of: volga, world) == nil)
            #expect(try await world.purchase("v6", of: volga).outcome == "400 invalid_plan_id")
            #expect(try await world.balance("carol", of: volga) == 150_000_00)
            #expect(try await world.count("orders", volga) == 0)
        }
    }
}
