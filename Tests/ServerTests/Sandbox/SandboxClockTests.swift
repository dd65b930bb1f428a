import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

/// What happens when a sandbox's clock is moved. The real one stands still but where a test says so.
@Suite("A sandbox's clock", .database)
struct SandboxClockTests {
    private static let day: Int64 = 86_400_000
    private typealias World = SandboxWorld
    private let live = World.key("ann", "alba")
    private let test = World.key("ann", "alba", test: true)

    private func inWorld(lanes: Int = 1, _ body: (SandboxWorld) async throws -> Void) async throws {
        try await SandboxWorld.with(try #require(TestDatabase.current), lanes: lanes, body)
    }

    private func listed(_ key: String, _ world: SandboxWorld) async throws -> Int {
        try await world.gate("alba", key, "op=subscriptions").subscriptions.count
    }

    @Test func `what was bought ends by the clock, before any job has run, and nowhere else`() async throws {
        try await inWorld { world in
            _ = try await world.buy("month", "alba", live)
            _ = try await world.buy("month", "alba", test)
            try await world.advance("alba-sandbox", days: 29)
            #expect(try await listed(test, world) == 1)
            let id = try await world.gate("alba", test, "op=subscriptions").subscriptions[0]["subscriptionId"]
            let change = #"{"op":"change-credentials","subscriptionId":"\#(id?.stringValue ?? "")"}"#
            #expect(try await world.gate("alba", test, post: change).outcome == "200")
            try await world.advance("alba-sandbox", days: 1)
            #expect(try await world.gate("alba", test, post: change).outcome == "409 invalid_state")
            #expect(try await listed(test, world) == 0)
            #expect(try await listed(live, world) == 1)
            #expect(world.clock.now() == ManualClock.start)
        }
    }

    @Test func `a late renewal begins when it is paid, and one after the grace is refused`() async throws {
        try await inWorld { world in
            let id = try await world.buy("month", "alba", test)["subscriptionId"]?.stringValue ?? ""
            let renew =
                #"{"op":"renew","subscriptionId":"\#(id)","planId":"\#(try await world.planID("month", "alba", test))"}"#
            try await world.operators.moveClock(
                of: "alba-sandbox",
                .to(Instant(milliseconds: ManualClock.start.milliseconds + 30 * Self.day + 3_600_000)))
            try await world.work()
            let renewed = try await world.gate("alba", test, post: renew)
            #expect(renewed.outcome == "200", "\(renewed.body)")
            let end = ManualClock.start.milliseconds + 60 * Self.day + 3_600_000
            #expect(
                try await world.gate("alba", test, "op=subscriptions").subscriptions.first?["activeUntil"]
                    == .integer(end))

            try await world.advance("alba-sandbox", days: 32)
            #expect(try await world.work().released == 1)
            #expect(try await world.gate("alba", test, post: renew).outcome == "409 invalid_state")
        }
    }

    @Test func `a trial ends and is not given again`() async throws {
        try await inWorld { world in
            _ = try await world.buy("month", "alba", test, trial: true)
            try await world.advance("alba-sandbox", days: 1)
            #expect(try await listed(test, world) == 0)
            let plan = try await world.planID("month", "alba", test)
            let again = try await world.gate("alba", test, post: #"{"op":"trial","planId":"\#(plan)"}"#)
            #expect(again.outcome != "200", "\(again.body)")
        }
    }

    @Test func `a live tenant's clock stays where it is, for operators and for SQL`() async throws {
        try await inWorld { world in
            for slug in ["alba", "brio", "solo"] {
                await #expect(throws: OperatorWork.Refusal.clockIsLive(slug)) {
                    try await world.advance(slug, days: 1)
                }
                let error = await #expect(throws: PostgresError.self) {
                    try await world.database.execute(
                        "UPDATE tenants SET clock_ahead_ms = 1 WHERE slug = '\(slug)'")
                }
                #expect(error?.constraint == "only_the_clock_of_a_sandbox_moves")
            }
            await #expect(throws: OperatorWork.Refusal.tenantUnknown("nobody")) {
                try await world.advance("nobody", days: 1)
            }
            let moves = try await world.office.ask("SELECT count(*)::text FROM clock_moves")
            #expect(moves == ["0"])
        }
    }

    @Test func `a clock goes forward only, within a century, and leaves who moved it`() async throws {
        try await inWorld { world in
            let moved = try await world.advance("alba-sandbox", days: 3)
            #expect(
                moved.ahead == 3 * Self.day
                    && moved.now.milliseconds == ManualClock.start.milliseconds + 3 * Self.day)
            for move in [ClockMove.to(moved.now), .to(ManualClock.start)] {
                await #expect(throws: OperatorWork.Refusal.clock(.onlyForward(now: moved.now))) {
                    try await world.operators.moveClock(of: "alba-sandbox", move)
                }
            }
            await #expect(throws: OperatorWork.Refusal.clock(.tooFar)) {
                try await world.advance("alba-sandbox", days: 36_500)
            }
            world.clock.advance(days: 1)
            try await world.advance("alba-sandbox", days: 1)
            #expect(try await world.operators.clock(of: "alba-sandbox").ahead == 4 * Self.day)
            #expect(try await world.operators.clock(of: "brio-sandbox").ahead == 0)
            #expect(
                try await world.office.ask(
                    "SELECT ahead_before_ms::text, ahead_after_ms::text, actor FROM clock_moves ORDER BY 1")
                    == [
                        "0 \(3 * Self.day) a test", "\(3 * Self.day) \(4 * Self.day) a test",
                    ])
            #expect(
                try await world.office.ask(
                    "SELECT tenant_id::text, kind FROM outbox_events WHERE kind = 'clock.moved'")
                    == Array(repeating: "\(world.tenants["alba-sandbox"]!) clock.moved", count: 2))
            let back = await #expect(throws: PostgresError.self) {
                try await world.database.execute(
                    "UPDATE clock_moves SET ahead_after_ms = ahead_before_ms")
            }
            #expect(back?.constraint == "a_clock_only_moves_ahead")
        }
    }

    /// 60 orders of two sandboxes and a live tenant, submitted at once: groups hold several of them.
    @Test(arguments: [1, 2])
    func `orders of live tenants and sandboxes that travel together have each their own time`(
        lanes: Int
    ) async throws {
        try await inWorld(lanes: lanes) { world in
            try await world.advance("alba-sandbox", days: 10)
            try await world.advance("brio-sandbox", days: 20)
            let keys = [
                ("alba", live), ("alba", test), ("brio", World.key("ann", "brio", test: true)),
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<15 {
                    // The live Ann has money for eight.
                    for (slug, key) in keys where number < 8 || key != live {
                        group.addTask { _ = try await world.buy("month", slug, key) }
                    }
                }
                try await group.waitForAll()
            }
            let start = ManualClock.start.milliseconds
            for (slug, days, count) in [("alba", 0, 8), ("alba-sandbox", 10, 15), ("brio-sandbox", 20, 15)]
                as [(String, Int64, Int)]
            {
                #expect(
                    try await world.placements(slug)
                        == Array(repeating: start + days * Self.day, count: count), "\(slug)")
            }
        }
    }

    /// The engine learns of a move from the row it locks by, whatever the doors have heard: once `advance` has returned,
    /// whatever is ordered has the new time; what was ordered before has either. No order is placed before its past.
    @Test func `a clock that is moved while fifty purchases run leaves orders in order`() async throws {
        try await inWorld(lanes: 2) { world in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { _ = try await world.buy("month", "alba", test) } }
                group.addTask {
                    for day in 1...5 {
                        let moved = try await world.advance("alba-sandbox", days: 1)
                        #expect(moved.ahead == Int64(day) * Self.day)
                        _ = try await world.buy("month", "alba", test)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await world.placements("alba-sandbox").count == 55)
            // By the revenue's statement, which is the order in which they were posted.
            let posted = try await world.office.ask(
                """
                SELECT extract(epoch FROM o.placed_at)::bigint::text FROM transfers t
                JOIN accounts a ON a.tenant_id = t.tenant_id AND a.id = t.credit_account_id AND a.role = 'revenue'
                JOIN orders o ON o.tenant_id = t.tenant_id AND o.id = t.entry_id
                WHERE t.tenant_id = \(world.tenants["alba-sandbox"]!) ORDER BY t.credit_sequence
                """
            ).map { Int64($0)! }
            #expect(posted.count == 55 && posted == posted.sorted())
            #expect(
                try await world.office.ask(
                    """
                    SELECT count(*)::text FROM orders o JOIN subscriptions s ON s.tenant_id = o.tenant_id AND s.order_id = o.id
                    JOIN terms t ON t.tenant_id = s.tenant_id AND t.subscription_id = s.id
                    WHERE t.starts_at <> o.placed_at OR t.ends_at <> o.placed_at + interval '30 days'
                    """) == ["0"])
        }
    }

    @Test func `an order that is placed after a move has the new time, though its door has not heard of it`()
        async throws
    {
        try await inWorld { world in
            let tenant = world.tenants["alba-sandbox"]!
            let statement: Statement =
                "SELECT id, customer_id FROM api_keys WHERE tenant_id = \(tenant) AND dialect = 'gate'"
            let (key, ann): (APIKeyID, CustomerID) = try await world.database.owner.run {
                let row = try $0.query(statement)[0]
                return (try row.get(0), try row.get(1))
            }
            func topUp(_ reference: String) async throws {
                _ = try await world.engine.submit(
                    Submission(
                        id: world.parts.ids.next(at: world.clock.now()), tenant: tenant,
                        principal: key.retyped(),
                        dialect: Gate.name,
                        command: .topUp(
                            TopUp(customer: ann, amount: Money("1.00 EUR")!, reference: reference))))
            }
            try await topUp("before")
            try await world.advance("alba-sandbox", days: 7)
            try await topUp("after")
            #expect(
                try await world.office.ask(
                    """
                    SELECT reference, (effective_at AT TIME ZONE 'UTC')::date::text, (recorded_at AT TIME ZONE 'UTC')::date::text
                    FROM journal_entries WHERE reference IN ('before', 'after') ORDER BY 1 DESC
                    """) == ["before 2026-01-31 2026-01-31", "after 2026-02-07 2026-02-07"])
        }
    }

    @Test func `ids keep the real time, so that a moved clock makes nobody else's ids late`() async throws {
        try await inWorld { world in
            try await world.advance("alba-sandbox", days: 300)
            _ = try await world.buy("month", "alba", test)
            _ = try await world.buy("month", "alba", live)
            for table in ["orders", "subscriptions", "outbox_events"] {
                let ids: [IdentifierBits] = try await world.database.owner.run { connection in
                    try connection.query("SELECT id FROM \(unsafeRaw: table)").map { try $0.get(0) }
                }
                let start = UInt64(ManualClock.start.milliseconds)
                #expect(
                    ids.count >= 2
                        && ids.allSatisfy { $0.milliseconds >= start && $0.milliseconds < start + 1_000 },
                    "\(table)")
            }
        }
    }

    @Test
    func `a month at once rotates once, takes back what ended, and lets slots rest by the sandbox's time`()
        async throws
    {
        try await inWorld { world in
            let id = try await world.buy("month", "alba", test)["subscriptionId"]?.stringValue ?? ""
            let policy = #"{"op":"set-rotation-policy","subscriptionId":"\#(id)","rotationPolicy":5}"#
            #expect(try await world.gate("alba", test, post: policy).outcome == "200")
            let before = try await world.rows(of: "alba")
            try await world.work()
            try await world.advance("alba-sandbox", days: 29)
            #expect(try await world.worker.cycle(now: world.clock.now()).rotated == 1)
            #expect(try await world.worker.cycle(now: world.clock.now()).rotated == 0)

            try await world.advance("alba-sandbox", days: 3)
            let ended = try await world.work()
            #expect(ended.released == 1 && ended.rotated <= 1)
            func states() async throws -> [String] {
                try await world.office.ask(
                    "SELECT state, count(*)::text FROM slots WHERE tenant_id = \(world.tenants["alba-sandbox"]!) GROUP BY 1 ORDER BY 1"
                )
            }
            #expect(try await states() == ["quarantined 1", "ready 209"])
            try await world.work()
            #expect(try await states() == ["quarantined 1", "ready 209"])
            try await world.advance("alba-sandbox", days: 1)
            try await world.work()
            #expect(try await states() == ["ready 210"])
            #expect(try await world.rows(of: "alba") == before)
        }
    }

    @Test func `money that an operator credits has the sandbox's time`() async throws {
        try await inWorld { world in
            try await world.advance("alba-sandbox", days: 7)
            _ = try await world.operators.credit(
                "ann", of: "alba-sandbox", amount: Money("1.00 EUR")!, reference: "r", reason: "a transfer")
            #expect(
                try await world.office.ask(
                    "SELECT (recorded_at AT TIME ZONE 'UTC')::date::text FROM journal_entries WHERE reference = 'r'"
                )
                    == ["2026-02-07"])
        }
    }

    @Test func `a customer's double is made with play money when a test key is, and found again by a file`()
        async throws
    {
        try await inWorld { world in
            let made = try await world.operators.createKey(
                for: "ben", of: "alba", in: Gate.name, Gate.keyForm, .init(), for: .test)
            #expect(made.tenant == "alba-sandbox" && Gate.keyForm.accepts(made.text, for: .test))
            #expect(try await world.gate("alba", made.text).outcome == "200")
            let double = try await world.reading.customer("ben@example.com", of: "alba-sandbox").customer
            #expect(double.balance == Money("10000.00 EUR"))
            await #expect(throws: OperatorWork.Refusal.sandboxMissing("solo")) {
                try await world.operators.createKey(
                    for: "ben", of: "solo", in: Gate.name, Gate.keyForm, .init(), for: .test)
            }
            await #expect(throws: OperatorWork.Refusal.keysAreTestKeys("alba-sandbox")) {
                try await world.operators.createKey(
                    for: "ben", of: "alba-sandbox", in: Gate.name, Gate.keyForm, .init())
            }
            #expect(try await world.office.apply(SandboxWorld.file).lines.isEmpty)
        }
    }
}
