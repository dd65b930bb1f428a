import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Changing credentials", .database)
struct ChangeCredentialsTests {
    @Test func `new ones work, old ones are refused, the username stays`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]
            try await world.work(worker)
            let before = try #require(try await world.connection(bought, of: world.alba))
            let old = try before.secret(openedBy: world.seal, tenant: world.alba.id)
            let gateway = world.gateway(world.alba, "ams-1")
            #expect(
                gateway.accepts(
                    port: before.port, username: before.username, password: old.password, at: world.now))
            world.clock.advance(milliseconds: 5_000)

            let changed = try await world.change(world.alba) { connections, transaction in
                try connections.changeCredentials(
                    tenant: world.alba.id, subscription: bought, in: transaction)
            }.get()
            try await world.work(worker)

            let after = try #require(try await world.connection(bought, of: world.alba))
            #expect(try after.secret(openedBy: world.seal, tenant: world.alba.id) == changed.secret)
            #expect(
                after.username == before.username && after.port == before.port
                    && changed.username == before.username)
            #expect(changed.secret.password != old.password && changed.secret.vlessUUID != old.vlessUUID)
            #expect(changed.secret.shadowsocksKey != old.shadowsocksKey)
            #expect(try world.works(after, of: world.alba))
            #expect(
                !gateway.accepts(
                    port: before.port, username: before.username, password: old.password, at: world.now))
            #expect(!gateway.accepts(vlessUUID: old.vlessUUID, at: world.now))
            #expect(gateway.accepts(vlessUUID: changed.secret.vlessUUID, at: world.now))
            let history: Statement = """
                SELECT count(*) FROM credential_history WHERE tenant_id = 1 AND slot_id = \(before.slot) AND version = 1
                AND secret = \(before.sealedSecret) AND valid_until = \(world.now) AND valid_from < valid_until
                """
            #expect(try await world.count(history) == 1)
        }
    }

    @Test func `two changes at once are two versions, and the last one counts`() async throws {
        try await withDatabase { database in
            let world = try await World(database, connections: 4)
            try await world.work()
            let bought = try await world.buy(for: world.alba)[0]

            let made = try await withThrowingTaskGroup(of: ChangedCredentials.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await world.change(world.alba) { connections, transaction in
                            try connections.changeCredentials(
                                tenant: world.alba.id, subscription: bought, in: transaction)
                        }.get()
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try await world.work()

            let connection = try #require(try await world.connection(bought, of: world.alba))
            let secret = try connection.secret(openedBy: world.seal, tenant: world.alba.id)
            #expect(connection.secretVersion == 9)
            #expect(made.contains { $0.secret == secret })
            #expect(try world.works(connection, of: world.alba))
            #expect(try await world.count("SELECT count(*) FROM credential_history") == 8)
        }
    }

    @Test func `what is over, or another tenant's, is no live connection`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            try await world.work()
            let bought = try await world.buy(for: world.alba)[0]

            func refusal(_ tenant: Tenant, as named: TenantID) async throws -> ConnectionRefusal? {
                let result = try await world.change(tenant) { connections, transaction in
                    try connections.changeCredentials(tenant: named, subscription: bought, in: transaction)
                }
                if case .failure(let refusal) = result { return refusal } else { return nil }
            }
            #expect(try await refusal(world.brio, as: world.brio.id) == .noLiveConnection)
            #expect(
                try await refusal(world.brio, as: world.alba.id) == .noLiveConnection,
                "row-level security holds too")
            world.clock.advance(days: 1)
            #expect(try await refusal(world.alba, as: world.alba.id) == .noLiveConnection)
            #expect(try await world.count("SELECT count(*) FROM credential_history") == 0)
        }
    }

    /// A stored secret that was damaged must not keep its customer from getting a new one.
    @Test func `a damaged secret is replaced`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            let bought = try await world.buy(for: world.alba)[0]
            try await world.execute(
                "UPDATE slots SET secret = set_byte(secret, 20, get_byte(secret, 20) # 1) WHERE state = 'assigned'"
            )
            #expect(try await worker.cycle(now: world.now).problems.count == 1)

            _ = try await world.change(world.alba) { connections, transaction in
                try connections.changeCredentials(
                    tenant: world.alba.id, subscription: bought, in: transaction)
            }.get()
            #expect(try await worker.cycle(now: world.now).problems.isEmpty)
            #expect(
                try world.works(
                    try #require(try await world.connection(bought, of: world.alba)), of: world.alba))
        }
    }
}
