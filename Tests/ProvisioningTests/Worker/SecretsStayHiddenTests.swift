import Logging
import Postgres
import Primitives
import Provisioning
import Synchronization
import TestSupport
import Testing

/// Keeps every line with its metadata.
private final class Ears: LogHandler, Sendable {
    private let heard = Mutex("")
    var text: String { heard.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        heard.withLock { $0 += "\(event.message) \(event.metadata ?? [:])\n" }
    }
}

@Suite("Secrets", .database)
struct SecretsStayHiddenTests {
    @Test func `nothing secret is in a log, a report or a stored problem`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let ears = Ears()
            let worker = world.makeWorker(logger: Logger(label: "ears") { _ in ears })
            var shown = ""
            func work() async throws { shown += "\(try await worker.cycle(now: world.now))\n" }

            try await work()
            let bought = try await world.buy(2, for: world.alba)
            for mood in [SimulatedDriver.Mood.refusing("no"), .stalling, .dead, .willing] {
                world.gateway(world.alba, "ams-1").mood = mood
                try await work()
                world.clock.advance(milliseconds: 60_000)
            }
            try await world.execute(
                "ALTER TABLE slots ADD CONSTRAINT poison CHECK (NOT (port = 101 AND state = 'draining'))")
            try await world.execute(
                "UPDATE slots SET secret = set_byte(secret, 20, get_byte(secret, 20) # 1) WHERE port = 103")
            world.gateway(world.alba, "ams-1").restart()
            world.clock.advance(days: 2)
            try await work()
            try await world.execute("ALTER TABLE slots DROP CONSTRAINT poison")

            let states = try await database.owner.run { connection in
                try connection.query("SELECT COALESCE(string_agg(problem, ' '), '') FROM gateway_states")[0]
                    .get(0, as: String.self)
            }
            shown += ears.text + states
            #expect(shown.contains("poison") && shown.contains("do not open") && bought.count == 2)
            var checked = 0
            for tenant in world.tenants {
                for gateway in tenant.gateways.values {
                    for slot in world.fleet.simulated(tenant: tenant.id, gateway: gateway).desired?.slots
                        .values.map({ $0 }) ?? []
                    {
                        let secret = slot.secret
                        for part in [secret.password, secret.vlessUUID, secret.shadowsocksKey] {
                            #expect(!shown.contains(part))
                            checked += 1
                        }
                    }
                }
            }
            #expect(checked > 0)
        }
    }
}
