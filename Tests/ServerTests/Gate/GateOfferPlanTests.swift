import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate networks on offer", .database)
struct GateOfferPlanTests {
    /// A large stock must not be walked over to learn that a network has one free slot.
    @Test func `networks to switch to are found by the index of ready slots`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let subscription: SubscriptionID = world.ids.next(at: world.clock.now())
                for tenant in [alba, world.brio] { try await stock(tenant, world) }
                try await world.execute("ANALYZE")
                let offer = OfferStore.networks(
                    for: subscription, of: alice.id, of: alba.id, in: Gate.name, at: world.clock.now())

                let plan = try await world.pool.transaction(tenant: alba.id) { transaction in
                    try transaction.query(Statement(text: "EXPLAIN " + offer.text, values: offer.values))
                        .map { try $0.get(0, as: String.self) }
                }
                let text = plan.joined(separator: "\n")
                #expect(text.contains("slots_ready"), "\(text)")
                #expect(!text.contains("Seq Scan on slots"), "\(text)")

                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                let offered = try await world.get(
                    "op=available-networks&subscriptionId=\(id)", by: alice, of: alba)
                #expect(offered.json["networks"]?.arrayValue?.count == 1)
                try await world.execute(
                    "UPDATE gateways SET active = false WHERE tenant_id = \(alba.id) AND name = 'ber-1'")
                let none = try await world.get(
                    "op=available-networks&subscriptionId=\(id)", by: alice, of: alba)
                #expect(none.body == #"{"ok":true,"networks":[]}"#)
            }
        }
    }

    /// Three thousand more ready slots in Berlin.
    private func stock(_ tenant: GateTenant, _ world: GateWorld) async throws {
        try await world.execute(
            """
            UPDATE gateways SET last_port = 20000 WHERE tenant_id = \(tenant.id) AND name = 'ber-1'
            """)
        try await world.execute(
            """
            INSERT INTO slots (tenant_id, id, gateway_id, network_id, port, state, rank, username, secret,
                secret_version, secret_since, revision, state_since)
            SELECT s.tenant_id, gen_random_uuid(), s.gateway_id, s.network_id, n.port, 'ready', n.port,
                'u_more-' || n.port, s.secret, 1, s.secret_since, 0, s.state_since
            FROM slots s CROSS JOIN generate_series(13001, 16000) AS n(port)
            WHERE s.tenant_id = \(tenant.id) AND s.network_id = \(tenant.berlin) AND s.port = 12003
            """)
    }
}
