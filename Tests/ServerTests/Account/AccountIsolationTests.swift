import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Nobody sees another's at the account API", .database)
struct AccountIsolationTests {
    /// Two tenants with two customers each: of what is not theirs, everybody hears what they hear of nothing.
    @Test func `another customer's things are as unknown as made-up ones, here and at another tenant`()
        async throws
    {
        try await withDatabase { database in
            var settings = AccountAPI.Settings()
            settings.rateLimit = .off
            settings.previews = .off
            var limits = SignInLimits()
            limits.perAddress = .off
            try await AccountWorld.with(database, limits: limits, settings: settings, provider: PagesOnly()) {
                world in
                let everybody = [("alba", "ada"), ("alba", "bea"), ("brio", "ada"), ("brio", "bea")]
                var owned: [String: [(place: AccountAPI.Endpoint, id: String)]] = [:]
                for (slug, name) in everybody {
                    owned["\(slug) \(name)"] = try await things(of: name, slug, world)
                }
                let unknown = "00000000-0000-0000-0000-000000000000"
                for (slug, name) in everybody {
                    let token = try await world.token(name, of: slug)
                    for (owner, things) in owned where owner != "\(slug) \(name)" {
                        for (endpoint, id) in things {
                            let theirs = try await ask(endpoint, id, token, slug, world)
                            let nothing = try await ask(endpoint, unknown, token, slug, world)
                            #expect(
                                theirs.outcome == "404 not_found", "\(name) of \(slug): \(endpoint) \(owner)")
                            #expect(theirs.body == nothing.body)
                        }
                    }
                    // A token of one tenant is none at the other.
                    let elsewhere = slug == "alba" ? "brio" : "alba"
                    let there = try await world.ask(.get, "/v1/me", as: token, of: elsewhere)
                    #expect(there.outcome == "401 unauthorized")
                    for (endpoint, id) in owned["\(slug) \(name)"] ?? [] {
                        #expect(
                            try await ask(endpoint, id, token, slug, world).status == .ok,
                            "\(name) of \(slug): \(endpoint)")
                    }
                }
                let asked = Set(owned.values.flatMap { $0.map(\.place) })
                let named = AccountAPI.Endpoint.allCases.filter { $0.place.path.contains("{id}") }
                #expect(asked == Set(named), "an endpoint that names something is not walked")
            }
        }
    }

    /// Everything of a person's that a path can name.
    private func things(
        of name: String, _ slug: String, _ world: AccountWorld
    ) async throws -> [(place: AccountAPI.Endpoint, id: String)] {
        let token = try await world.token(name, of: slug)
        let key = try await world.ask(
            .post, "/v1/keys", AccountWorld.proof(nil, #","dialect":"gate""#), as: token, of: slug)
        let customer = name == "bea" ? "ben" : "ann"
        let subscription = try await world.buy("month", for: customer, of: slug).description
        let orders = try await world.ask(.get, "/v1/orders", as: token, of: slug)
        let order = orders.json["items"]?.arrayValue?.first?["id"]?.stringValue ?? ""
        let asked = try await world.ask(.post, "/v1/top-ups", #"{"amount":"5.00"}"#, as: token, of: slug)
        let topUp = asked.json["id"]?.stringValue ?? ""
        return [
            (.getOrder, order), (.getReceipt, order), (.getSubscription, subscription),
            (.changeSubscription, subscription), (.previewRenewal, subscription), (.getTopUp, topUp),
            (.revokeKey, key.json["id"]?.stringValue ?? ""),
        ]
    }

    private func ask(
        _ endpoint: AccountAPI.Endpoint, _ id: String, _ token: String, _ slug: String, _ world: AccountWorld
    ) async throws -> DoorReply {
        let (method, path) = endpoint.place
        return try await world.ask(
            method, path.replacing("{id}", with: id), method == .patch ? #"{"note":"mine"}"# : nil, as: token,
            of: slug)
    }

    /// The rows that a query without a tenant would see are none.
    @Test func `the account API's role sees one tenant, and without one nothing`() async throws {
        try await withDatabase { database in
            try await AccountWorld.with(database) { world in
                let pool = database.pool(.account, threads: 1)
                let tables = [
                    "customers", "customer_users", "api_keys", "subscriptions", "outbox_events",
                    "customer_recovery_codes",
                ]
                for table in tables {
                    let seen = try await pool.transaction(tenant: nil) { transaction in
                        try transaction.query("SELECT count(*) FROM \(unsafeRaw: table)")[0].get(
                            0, as: Int64.self)
                    }
                    #expect(seen == 0, "\(table)")
                    let alba = try #require(world.tenants["alba"])
                    let others = try await pool.transaction(tenant: alba) { transaction in
                        try transaction.query(
                            "SELECT count(*) FROM \(unsafeRaw: table) WHERE tenant_id <> \(alba)")[0]
                            .get(0, as: Int64.self)
                    }
                    #expect(others == 0, "\(table)")
                }
            }
        }
    }
}
