import Postgres
import Primitives
import TestSupport
import Testing

@testable import Provisioning

@Suite("Locks of slots and gateways", .database)
struct LockOrderTests {
    /// Everybody locks slots before gateways: the other way round the two below would wait for each other.
    @Test func `overtaking a gateway waits for its slots before it holds the gateway`() async throws {
        try await withDatabase { database in
            let world = try await World(database, connections: 2)
            try await world.work()
            let key = GatewayKey(world.alba.id, world.alba.gateways["ams-1"]!)
            let (held, goOn) = (Gate(), Gate())

            async let selling: Void = world.engine.transaction(tenant: nil) { transaction in
                let demand = SlotDemand(tenant: key.tenant, network: world.alba.networks["AMS"]!, count: 1)
                let slot = try SlotStore.claimed(try transaction.query(SlotStore.claim([demand])))[0]
                held.open()
                goOn.waitOnThread()
                // Without this the deadlock would be found only after a while, on either side.
                _ = try transaction.query("SET LOCAL lock_timeout = '100ms'")
                let touch = SlotTouch(tenant: key.tenant, slot: slot.id, gateway: slot.gateway)
                _ = try transaction.query(SlotStore.touch([touch], at: transaction.now))
            }
            await held.wait()
            async let overtaking: Void = world.worker.transaction(tenant: nil) { transaction in
                _ = try transaction.pipeline(GatewayStore.overtake(key, version: 1_000))
            }
            try await eventually("an overtaking that waits") {
                try await world.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
                ) > 0
            }
            goOn.open()
            try await selling
            try await overtaking

            let version: Statement = """
                SELECT min(s.revision) FROM slots s
                JOIN gateways g ON g.tenant_id = s.tenant_id AND g.id = s.gateway_id AND g.desired_version = 1001
                WHERE s.tenant_id = \(key.tenant) AND s.gateway_id = \(key.gateway)
                """
            #expect(try await world.count(version) == 1_001)
        }
    }

    /// One touch and a thousand of as many gateways: each slot gets its own gateway's version.
    @Test func `every slot is given the version of its own gateway, without a walk over all of them`()
        async throws
    {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            // Versions differ, so that a mistaken place would be seen.
            try await world.execute(
                """
                UPDATE gateways g SET desired_version = n.number * 100
                FROM (SELECT tenant_id, id, row_number() OVER (ORDER BY name, tenant_id) AS number FROM gateways) n
                WHERE g.tenant_id = n.tenant_id AND g.id = n.id
                """)
            let rows = try await world.database.owner.run { connection in
                try connection.query("SELECT tenant_id, id, gateway_id FROM slots").map { row in
                    SlotTouch(tenant: try row.get(0), slot: try row.get(1), gateway: try row.get(2))
                }
            }
            #expect(rows.count == 24)
            try await world.engine.transaction(tenant: nil) { transaction in
                _ = try transaction.query(SlotStore.touch(rows, at: transaction.now))
            }

            let off: Statement = """
                SELECT count(*) FROM slots s JOIN gateways g ON g.tenant_id = s.tenant_id AND g.id = s.gateway_id
                WHERE s.revision <> g.desired_version OR g.desired_version % 100 <> 1
                """
            #expect(try await world.count(off) == 0)

            let plan = try await world.engine.transaction(tenant: nil) { transaction in
                let touch = SlotStore.touch(rows, at: transaction.now)
                return try transaction.query(Statement(text: "EXPLAIN " + touch.text, values: touch.values))
                    .map { try $0.get(0, as: String.self) }
            }
            #expect(!plan.contains { $0.contains("Join Filter") }, "\(plan.joined(separator: "\n"))")
        }
    }
}
