import HTTPTypes
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("Gate surroundings", .database)
struct GateSurroundingsTests {
    /// Slots of a new gateway may be sold before the doors have read the catalogue again.
    @Test func `a slot of a gateway that is newer than the catalogue at hand is sold and told`() async throws
    {
        try await withDatabase { database in
            try await GateWorld.with(database, catalogueMilliseconds: 3_600_000) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                func addGateway(_ name: String, _ port: Int32) async throws {
                    let seal = CredentialSeal(Seal(InstallationKey(id: 1, bytes: GateWorld.installationKey)!))
                    try await database.owner.run { [ids = world.ids, now = world.clock.now()] connection in
                        try alba.write(
                            name, on: alba.madrid, ports: port...port, ["http"], connection, seal, ids, now)
                    }
                }
                let body = #"{"op":"purchase","planId":"\#(alba.madrid30.gate)"}"#
                #expect(try await world.post(body, by: alice, of: alba).outcome == "409 sold_out")

                try await addGateway("mad-1", 16001)
                let first = try await world.post(body, by: alice, of: alba)
                #expect(first.json["subscription"]?["label"] == "16001 - ES - Private")
                try await addGateway("mad-2", 16002)
                let key = [("Idempotency-Key", "k")]
                let second = try await world.post(body, by: alice, of: alba, headers: key)
                #expect(second.json["subscription"]?["label"] == "16002 - ES - Private")
                #expect(try await world.post(body, by: alice, of: alba, headers: key).body == second.body)
                #expect(try await world.balance(alba, alice) == 1000_00 - 2 * 9_00)
            }
        }
    }

    /// A read that fails is never "not found", a caller who cannot be looked up is never "unauthorized".
    @Test func `while the database is away every answer says so in the vendor's envelope`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, alice) = (world.alba, world.alba.alice)
                let id = try await world.buy(alba.mobile30, by: alice, of: alba)
                let listed = try await world.subscription(id, by: alice, of: alba)
                let link = try #require(listed?["rotate"]?["rotatePath"]?.stringValue)
                await world.pool.close()

                for reply in [
                    try await world.get("op=subscriptions", by: alice, of: alba),
                    try await world.post(
                        #"{"op":"change-credentials","subscriptionId":"\#(id)"}"#, by: alice, of: alba),
                    try await world.ask(DoorRequest(method: .get, target: link, host: alba.host)),
                ] {
                    #expect(reply.outcome == "503 unavailable")
                    #expect(reply.headers[.retryAfter] == "1")
                }
            }
        }
    }

    /// A customer's list must not cost a walk over everybody's subscriptions.
    @Test func `the list of subscriptions rides its index`() async throws {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, now) = (world.alba, world.clock.now())
                let list = HoldingStore.live(of: alba.alice.id, of: alba.id, in: Gate.name, at: now)
                let plan = try await world.pool.transaction(tenant: alba.id) { transaction in
                    // The tables of a test are so small that walking them is cheaper.
                    _ = try transaction.query("SET LOCAL enable_seqscan = off")
                    let statement = Statement(text: "EXPLAIN (COSTS OFF) \(list.text)", values: list.values)
                    return try transaction.query(statement).map { try $0.get(0, as: String.self) }
                }
                #expect(plan.contains { $0.contains("Backward using subscriptions_by_customer") }, "\(plan)")
                #expect(!plan.contains { $0.contains("Seq Scan") || $0.contains("Sort") }, "\(plan)")
            }
        }
    }
}
