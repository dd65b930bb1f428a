import Billing
import Foundation
import HTTPTypes
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("The door for payment providers", .database)
struct PaymentsDoorTests {
    private static let seal = Seal(InstallationKey(id: 1, bytes: [UInt8](repeating: 9, count: 32))!)

    /// Both shops take payments, each with secrets of its own.
    private func door(_ market: Market, _ engine: Engine) async throws -> PaymentsDoor {
        let work = OperatorWork(
            pool: market.database.owner, identifiers: market.ids, random: SeededRandom(seed: 1),
            actor: "olga")
        for shop in [market.alba, market.brio] {
            try await work.connect(
                ProviderConnection(
                    baseURL: "http://127.0.0.1:9", secret: Secret("sk_\(shop.slug)"),
                    webhookSecrets: [Secret("whsec_\(shop.slug)"), Secret("whsec_\(shop.slug)_old")],
                    successURL: "https://a.test/", cancelURL: "https://a.test/"), of: shop.slug,
                sealedBy: Self.seal)
        }
        let pool = market.database.pool(.door, threads: 2)
        return PaymentsDoor(
            desk: PaymentDesk(
                engine: engine, pool: pool,
                providers: .stored(
                    in: pool, Self.seal,
                    transport: HTTPStripeTransport(timeoutSeconds: 1, waitsMilliseconds: [])),
                ids: market.ids,
                clock: market.clock, logger: .quiet), logger: .quiet)
    }

    private func event(
        _ name: String, _ shop: Shop, minor: Int64 = 7_00, reference: String = "pi_1"
    ) -> String {
        """
        {"id":"\(name)","object":"event","type":"payment_intent.succeeded","data":{"object":{"id":"\(reference)",
        "object":"payment_intent","status":"succeeded","amount":\(minor),"amount_received":\(minor),"currency":"usd",
        "metadata":{"tollgate_customer":"\(shop.ann)"}}}}
        """
    }

    private func tell(
        _ door: PaymentsDoor, _ market: Market, _ shop: Shop, _ body: String, signedBy secret: String,
        age: Int64 = 0
    ) async -> Int {
        let bytes = Array(body.utf8)
        let seconds = market.now.milliseconds / 1_000 - age
        let request = DialectRequest(
            method: .post, path: "/stripe", query: nil,
            headers: [.stripeSignature: StripeSignature.header(bytes, secrets: [secret], at: seconds)],
            body: bytes, mount: Mount(tenant: shop.tenant, dialect: PaymentDesk.dialect, prefix: ""),
            receivedAt: market.now, id: "test", remoteAddress: "192.0.2.1")
        return await door.answer(request, at: RouteMatch(name: "messages.stripe")).status.code
    }

    @Test func `a message is believed with its own tenant's secrets, old or new, and credited once`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (shop, engine) = (market.alba, market.engine())
            let door = try await door(market, engine)
            let body = event("evt_1", shop)
            var statuses: [Int] = []
            for secret in ["whsec_brio", "whsec_other", "whsec_alba", "whsec_alba_old", "whsec_alba"] {
                statuses.append(await tell(door, market, shop, body, signedBy: secret))
            }
            #expect(statuses == [400, 400, 200, 200, 200])
            #expect(await tell(door, market, shop, body, signedBy: "whsec_alba", age: 301) == 400)
            for unread in ["{}", "{", #"{"id":nothing}"#] {
                #expect(await tell(door, market, shop, unread, signedBy: "whsec_alba") == 400)
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == 7_00)
            #expect(try await market.count("payment_events", of: shop) == 1)
            // The same payment in another message, and a neighbour's customer at this door.
            #expect(await tell(door, market, shop, event("evt_2", shop), signedBy: "whsec_alba") == 200)
            let stray = event("evt_3", market.brio, reference: "pi_2")
            #expect(await tell(door, market, shop, stray, signedBy: "whsec_alba") == 200)
            #expect(try await market.balance(of: shop.ann, in: shop) == 7_00)
            #expect(try await market.balance(of: market.brio.ann, in: market.brio) == 0)
            #expect(try await market.events("payment.unassigned", in: shop) == 1)
            await engine.stop()
        }
    }

    @Test func `a tenant that takes no payments has no such door`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            let door = try await door(market, engine)
            try await database.execute("UPDATE payment_providers SET active = false WHERE tenant_id = 1")
            let body = event("evt_1", market.alba)
            #expect(await tell(door, market, market.alba, body, signedBy: "whsec_alba") == 404)
            try await database.execute("DELETE FROM payment_providers WHERE tenant_id = 1")
            #expect(await tell(door, market, market.alba, body, signedBy: "whsec_alba") == 404)
            await engine.stop()
        }
    }

    @Test
    func `what fails on our side is sent again: a provider that cannot be asked, an engine that has stopped`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let stopped = market.engine()
            let first = try await door(market, stopped)
            await stopped.stop()
            let body = event("evt_1", shop)
            #expect(await tell(first, market, shop, body, signedBy: "whsec_alba") >= 500)
            #expect(try await market.count("payment_events", of: shop) == 0)
            let engine = market.engine(seed: 2)
            let second = try await door(market, engine)
            #expect(await tell(second, market, shop, body, signedBy: "whsec_alba") == 200)
            #expect(try await market.balance(of: shop.ann, in: shop) == 7_00)
            let refunded = """
                {"id":"evt_r","type":"charge.refunded","data":{"object":{"id":"ch_1","payment_intent":"pi_1"}}}
                """
            #expect(
                await tell(second, market, shop, refunded, signedBy: "whsec_alba") >= 500, "nobody at port 9")
            #expect(try await market.count("payment_events", of: shop) == 1)
            await engine.stop()
        }
    }

    @Test func `a new installation key takes the providers' secrets along`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 0)
            let engine = market.engine()
            _ = try await door(market, engine)
            let first = try #require(InstallationKey(id: 1, bytes: [UInt8](repeating: 9, count: 32)))
            let second = try #require(InstallationKey(id: 2, bytes: [UInt8](repeating: 5, count: 32)))
            let work = Resealing(pool: database.owner, seal: Seal(second, formerly: [first]))
            let counts = try await work.run()
            #expect(counts.renewed == 4 && counts.unreadable == 0)
            let pool = market.database.pool(.door, threads: 1)
            let found = try await PaymentProviders.stored(in: pool, Seal(second)).find(market.brio.tenant)
            let provider = try #require(found as? StripeProvider)
            #expect(
                provider.connection.webhookSecrets.map { $0.reveal() } == ["whsec_brio", "whsec_brio_old"])
            await engine.stop()
        }
    }

    @Test func `no secret is in the rows, in what is shown or in what is printed`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let engine = market.engine()
            _ = try await door(market, engine)
            let text: String = try await database.owner.run { connection in
                try connection.query(
                    """
                    SELECT string_agg(encode(p.secret, 'escape') || encode(p.webhook_secrets, 'escape') || p::text, ' ')
                    FROM payment_providers p
                    """)[0].get(0)
            }
            #expect(!text.contains("sk_alba") && !text.contains("whsec_"))
            let pool = market.database.pool(.door, threads: 1)
            let found = try await PaymentProviders.stored(in: pool, Self.seal).find(market.alba.tenant)
            let provider = try #require(found as? StripeProvider)
            #expect(provider.connection.secret.reveal() == "sk_alba")
            #expect(!"\(provider)".contains("sk_alba") && !"\(provider)".contains("whsec_"))
            // Sealed for one tenant, they open at no other.
            try await database.execute(
                """
                UPDATE payment_providers b SET secret = a.secret FROM payment_providers a
                WHERE a.tenant_id = 1 AND b.tenant_id = 2
                """)
            await #expect(throws: SealError.tampered) {
                _ = try await PaymentProviders.stored(in: pool, Self.seal).find(market.brio.tenant)
            }
            await engine.stop()
        }
    }
}
