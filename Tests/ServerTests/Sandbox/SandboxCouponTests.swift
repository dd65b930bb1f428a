import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

/// What coupons promise and where they begin and end, by a clock that an operator moves. The real one stands still.
@Suite("Coupons under a sandbox's clock", .database)
struct SandboxCouponTests {
    private typealias World = SandboxWorld
    private static let day: Int64 = 86_400_000
    private let live = World.key("ann", "alba")
    private let test = World.key("ann", "alba", test: true)

    @Test func `a window opens and closes by the sandbox's clock, to the millisecond, and nowhere else`()
        async throws
    {
        try await inWorld { world in
            for (moment, outcome) in [
                (nil, "400 invalid_coupon_code"),
                ("2026-02-09T23:59:59.999Z", "400 invalid_coupon_code"),
                ("2026-02-10T00:00:00Z", "200"), ("2026-02-19T23:59:59.999Z", "200"),
                ("2026-02-20T00:00:00Z", "400 invalid_coupon_code"),
            ] as [(String?, String)] {
                if let moment {
                    let instant = try #require(Instant(rfc3339: moment))
                    try await world.operators.moveClock(of: "alba-sandbox", .to(instant))
                }
                #expect(try await order("month", test, coupon: "WINDOW", world) == outcome, "\(moment ?? "")")
                #expect(
                    try await order("month", live, coupon: "WINDOW", world) == "400 invalid_coupon_code")
            }
            #expect(try await totals("alba-sandbox", world) == [10_00, 10_00])
            #expect(try await totals("alba", world) == [])
        }
    }

    /// The coupon is over and used up by the time of the first renewal; what it promised is not.
    @Test
    func `promised renewals are kept month by month as the clock is advanced, and then cost the list price`()
        async throws
    {
        try await inWorld { world in
            for key in [live, test] {
                #expect(try await order("auto", key, coupon: "AGAIN", world) == "200")
            }
            for month in 1...3 {
                try await world.advance("alba-sandbox", days: 30)
                let run = try await renew(world)
                #expect(run.state == .done && run.counts.contains(#""renewed":1"#), "\(month): \(run.counts)")
                #expect(try await order("auto", test, coupon: "AGAIN", world) == "400 invalid_coupon_code")
                // Nothing is due a second time, and nothing at all by the real clock.
                #expect(try await renew(world).counts.contains(#""due":0"#))
            }
            #expect(try await totals("alba-sandbox", world) == [9_00, 9_00, 9_00, 12_00])
            #expect(try await totals("alba", world) == [9_00])
            #expect(try await promises("alba-sandbox", world) == ["0 kept"])
            #expect(try await promises("alba", world) == ["2 stands"])
        }
    }

    @Test func `a clock that jumps past the grace ends the subscription, and uses nothing of its promise`()
        async throws
    {
        try await inWorld { world in
            #expect(try await order("auto", test, coupon: "AGAIN", world) == "200")
            try await world.advance("alba-sandbox", days: 32)
            let run = try await renew(world)
            #expect(
                run.counts.contains(#""renewed":0"#) && run.counts.contains(#""ended":1"#), "\(run.counts)")
            #expect(try await totals("alba-sandbox", world) == [9_00])
            #expect(try await promises("alba-sandbox", world) == ["2 stands"])
        }
    }

    /// A double begins with no past, whatever the live customer has ordered; a trial is no order, a refund undoes one.
    @Test func `a first order is the sandbox's own, and stays one whatever the clock says`() async throws {
        try await inWorld { world in
            #expect(try await order("month", live, world) == "200")
            #expect(try await order("month", live, coupon: "NEW", world) == "400 invalid_coupon_code")
            _ = try await world.buy("month", "alba", test, trial: true)
            try await world.advance("alba-sandbox", days: 40)
            #expect(try await order("month", test, coupon: "NEW", world) == "200")
            try await world.advance("alba-sandbox", days: 400)
            #expect(try await order("month", test, coupon: "NEW", world) == "400 invalid_coupon_code")

            try await refundOrders("alba-sandbox", world)
            try await world.advance("alba-sandbox", days: 1)
            #expect(try await order("month", test, coupon: "NEW", world) == "200")
            #expect(try await order("month", test, coupon: "NEW", world) == "400 invalid_coupon_code")
            #expect(try await totals("alba-sandbox", world) == [0, 10_00, 10_00])
            #expect(try await totals("alba", world) == [12_00])
        }
    }

    // MARK: - The story's words

    private func inWorld(_ body: (SandboxWorld) async throws -> Void) async throws {
        try await World.with(try #require(TestDatabase.current)) { world in
            try await world.office.apply(Self.file)
            try await body(world)
        }
    }

    /// The world's own file, with a plan that renews itself and more coupons.
    private static let file = World.file.replacing(
        "- {code: v4,",
        with: """
            - {code: auto, name: Auto, product: proxy, connection: private, network: NL, duration: 30d, price: "12.00 EUR", auto_renew: true, sells_in: [gate]}
                  - {code: v4,
            """
    ).replacing(
        "coupons: [",
        with: """
            coupons: [\
            {code: WINDOW, amount_off: "2.00 EUR", starts_at: 2026-02-10T00:00:00Z, ends_at: 2026-02-20T00:00:00Z}, \
            {code: AGAIN, percent_off: "25", max_redemptions: 1, applies_to: [purchase], renewals: 2, ends_at: 2026-02-10T00:00:00Z}, \
            {code: NEW, amount_off: "2.00 EUR", first_order: true}, 
            """)

    /// What a purchase through the gate comes to.
    private func order(
        _ plan: String, _ key: String, coupon: String? = nil, _ world: SandboxWorld
    ) async throws -> String {
        let code = coupon.map { #","couponCode":"\#($0)""# } ?? ""
        let plan = try await world.planID(plan, "alba", key)
        return try await world.gate("alba", key, post: #"{"op":"purchase","planId":"\#(plan)"\#(code)}"#)
            .outcome
    }

    /// The job `renewals` of all tenants, under its record.
    private func renew(_ world: SandboxWorld) async throws -> JobRun {
        let pool = world.database.pool(.job, threads: 2)
        let runs = JobRuns(pool: pool, clock: world.clock, ids: world.parts.ids, logger: .quiet)
        let job = RenewalsJob(
            pool: pool, ids: world.parts.ids, logger: .quiet, lend: .shared(world.engine))
        return try await runs.run(job, JobProgress())
    }

    /// Gives every order of a tenant back that still stands.
    private func refundOrders(_ slug: String, _ world: SandboxWorld) async throws {
        let tenant = try #require(world.tenants[slug])
        let orders = try await world.database.owner.run { connection in
            try connection.query(
                "SELECT id, customer_id FROM orders WHERE tenant_id = \(tenant) AND kind <> 'trial'"
            ).map { (try $0.get(0, as: OrderID.self), try $0.get(1, as: CustomerID.self)) }
        }
        for (order, customer) in orders {
            _ = try await world.engine.submit(
                Submission(
                    id: world.parts.ids.next(at: world.clock.now()), tenant: tenant, principal: nil,
                    dialect: Gate.name, command: .refund(Refund(customer: customer, order: order))))
        }
    }

    /// What a tenant's orders cost, oldest first, in minor units.
    private func totals(_ slug: String, _ world: SandboxWorld) async throws -> [Int64] {
        try await world.office.ask(
            "SELECT total_minor::text FROM orders WHERE tenant_id = \(world.tenants[slug]!) ORDER BY placed_at, id"
        ).map { Int64($0)! }
    }

    /// What is left of each promise, and why it ended.
    private func promises(_ slug: String, _ world: SandboxWorld) async throws -> [String] {
        try await world.office.ask(
            """
            SELECT renewals_left::text, coalesce(ended_reason, 'stands') FROM coupon_promises
            WHERE tenant_id = \(world.tenants[slug]!) ORDER BY 1
            """)
    }
}
