import Postgres
import Primitives
import TestSupport

@testable import Server

/// The recorder of requests, with its one connection.
struct PlanRecorder {
    private let world: PlanWorld
    private let pool: PostgresPool

    init(_ world: PlanWorld) {
        self.world = world
        pool = PostgresPool(
            world.database.configuration(role: .recorder).withPinnedPlans, threads: 1, clock: world.clock,
            logger: .quiet)
    }

    /// One request, and the key that was good for it.
    func record() async throws {
        let now = world.clock.now()
        let customer: CustomerID = try await world.id("customers", "username", "ann")
        let recorder = RequestRecorder(pool: pool, logger: .quiet)
        let request = LoggedRequest(
            tenant: world.tenant, id: world.ids.next(at: now), customer: customer, principal: nil,
            dialect: "gate", method: "GET", path: "/api/proxy", route: "operation", status: 200,
            microseconds: 900, address: "192.0.2.1", requestID: "1")
        guard await recorder.write([request]) == .written else { throw NeverHappened(description: "a batch") }
        await recorder.write([KeyUses.Use(tenant: world.tenant, key: customer.retyped(), at: now)])
    }

    /// Two processes, of which one tells what it has counted.
    func share() async throws {
        for _ in 0..<2 {
            let limiter = SlidingWindowLimiter()
            limiter.share(among: 2)
            let limit = RateLimitBucket("api", .sliding(limit: 10, window: 60_000))
            _ = limiter.take(.target(world.tenant, "somebody"), [limit], at: world.clock.now())
            let counts = SharedCounts(
                limiter: limiter, pool: pool, clock: world.clock, ids: world.ids, logger: .quiet)
            try await counts.exchange()
            try await counts.tidy()
        }
    }

    func sent() async throws -> [SentStatement] {
        let sent = try await pool.run { try SentStatement.all(on: $0, as: .recorder) }
        await pool.close()
        return sent
    }
}
