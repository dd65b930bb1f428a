import Billing
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

/// The books are broken on purpose here, so the invariants are not looked at afterwards.
@Suite("Reconciliation", .database(invariants: false))
struct ReconcileTests {
    /// What was broken, and the checks that have to see it.
    struct Break: Sendable, CustomTestStringConvertible {
        let sql: String
        let checks: [String]

        init(_ sql: String, _ checks: String...) {
            self.sql = sql
            self.checks = checks
        }

        var testDescription: String { sql }
    }

    static let breaks = [
        Break(
            "UPDATE accounts SET balance_minor = balance_minor + 1 WHERE tenant_id = 1 AND role = 'wallet'",
            "every_balance_equals_its_postings"),
        Break("DELETE FROM journal_entries WHERE tenant_id = 1", "every_transfer_has_an_entry"),
        Break(
            "DELETE FROM transfers WHERE tenant_id = 1", "every_paid_order_has_exactly_one_charge",
            "every_balance_equals_its_postings"),
        Break("DELETE FROM orders WHERE tenant_id = 1", "every_subscription_has_its_order"),
        Break("DELETE FROM terms WHERE tenant_id = 1", "order_terms_sum_to_the_total"),
        Break(
            "UPDATE allocations SET released_at = allocated_at WHERE tenant_id = 1",
            "live_subscription_has_its_slot", "assigned_slots_have_an_allocation"),
        Break(
            "UPDATE coupons SET redeemed_count = redeemed_count + 1 WHERE tenant_id = 1",
            "coupon_counts_match_redemptions"),
        Break(
            "UPDATE coupon_promises SET renewals_left = 1 WHERE tenant_id = 1",
            "promises_count_their_renewals"),
        Break(
            "UPDATE coupon_redemptions SET redeemed_at = redeemed_at + interval '1 day' WHERE tenant_id = 1",
            "first_orders_come_first"),
        Break(
            "UPDATE pending_orders SET state = 'cancelled', reason = 'a test' WHERE tenant_id = 1",
            "pending_orders_become_what_they_say"),
    ]

    /// Two shops that have each sold something.
    private func busyMarket(_ database: TestDatabase) async throws -> Market {
        let market = try await Market.open(database)
        for shop in [market.alba, market.brio] {
            _ = try await market.bought(in: shop, leaving: 5_00)
            try await market.put("WELCOME", in: shop)
            try await shop.coupon(
                "NEW", amount: 1_00, firstOrder: true, renewals: 2, on: database.owner,
                id: market.ids.next(at: market.now), at: market.now)
            try await market.withEngine { engine in
                let order = try await market.place(shop, by: shop.ben, coupon: "NEW", on: engine).order
                try await market.settle(order, 23_00, in: shop, on: engine)
                market.clock.advance(milliseconds: 1_000)
                _ = try await engine.submit(market.purchase(shop, by: shop.ben))
            }
        }
        return market
    }

    @Test func `books that agree are all looked at and nothing is said`() async throws {
        try await withDatabase { database in
            let market = try await busyMarket(database)
            let counts = try await market.reconcile()
            #expect(counts.checked == Reconciliation.checks.count, "every name is an invariant's")
            #expect(counts.named.line == "checked \(Reconciliation.checks.count)")
            #expect(counts.problems.isEmpty)
        }
    }

    @Test(arguments: breaks)
    func `what differs is said, of the tenant where it does, and left as it is`(broken: Break) async throws {
        try await withDatabase { database in
            let market = try await busyMarket(database)
            try await database.execute(broken.sql)
            let counts = try await market.reconcile()
            for check in broken.checks {
                #expect(counts.byCheck[check] ?? 0 > 0, "\(counts)")
                #expect(counts.problems.contains { $0.hasPrefix("\(check): tenant alba: ") })
            }
            #expect(counts.drift == counts.byCheck.values.reduce(0, +) && counts.failed == 0)
            #expect(!counts.problems.contains { $0.contains("tenant brio") })
            #expect(try await market.reconcile(of: market.alba) == counts)
            #expect(try await market.reconcile(of: market.brio).drift == 0)
            #expect(try await market.reconcile() == counts, "nothing is repaired")
        }
    }

    @Test func `what cannot be checked is said, and hides nothing else`() async throws {
        try await withDatabase { database in
            let market = try await busyMarket(database)
            try await database.execute("REVOKE SELECT ON coupon_redemptions FROM tollgate_worker")
            try await database.execute(Self.breaks[0].sql)
            let counts = try await market.reconcile()
            #expect(counts.failed > 0 && counts.checked + counts.failed == Reconciliation.checks.count)
            #expect(counts.byCheck["every_balance_equals_its_postings"] == 2, "Ann's wallet and Ben's")
            #expect(
                counts.problems.contains {
                    $0.hasPrefix("coupon_counts_match_redemptions cannot be checked")
                })
        }
    }

    @Test func `of many the first are told, and how many more there are`() async throws {
        try await withDatabase { database in
            let market = try await busyMarket(database)
            let more = 7
            try await database.execute(
                """
                INSERT INTO accounts (tenant_id, id, owner_id, role, currency, normal_side, balance_minor, created_at)
                SELECT 2, gen_random_uuid(), gen_random_uuid(), 'wallet', 'USD', 'credit', 1, timestamptz '2026-01-31Z'
                FROM generate_series(1, \(ReconcileCounts.problemsMax + more))
                """)
            let counts = try await market.reconcile()
            #expect(counts.byCheck["every_balance_equals_its_postings"] == ReconcileCounts.problemsMax + more)
            #expect(counts.problems.last == "every_balance_equals_its_postings: and 7 more")
            #expect(counts.problems.count == ReconcileCounts.problemsMax + 1)
        }
    }

    @Test func `a shop that sells meanwhile is no drift`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 60)
            try await market.withEngine { engine in
                for shop in [market.alba, market.brio] {
                    try await market.topUp(shop.ann, 500_00, in: shop, with: engine)
                }
                let sales = (0..<30).flatMap { _ in
                    [market.purchase(market.alba), market.purchase(market.brio)]
                }
                async let sold = market.inTurn(sales, on: engine)
                for _ in 0..<10 {
                    let counts = try await market.reconcile()
                    #expect(counts.problems.isEmpty, "\(counts.problems)")
                }
                #expect(await sold.filter(\.isCarriedOut).count == 60)
            }
        }
    }

    @Test func `a run is recorded with what differs, and one that is told to stop ends between two checks`()
        async throws
    {
        try await withDatabase { database in
            let market = try await busyMarket(database)
            try await database.execute(Self.breaks[0].sql)
            let runs = JobRuns(
                pool: database.pool(.job, threads: 1), clock: market.clock, ids: market.ids, logger: .quiet)
            let job = ReconcileJob(
                configuration: database.configuration(role: .worker), clock: market.clock, logger: .quiet)
            _ = try await runs.run(job, JobProgress())
            let listed = try #require(try await runs.latest(1).first)
            #expect(listed.state == .done && listed.json["counts"]?["drift"] == 2)
            #expect(
                listed.problems.first?.hasPrefix("every_balance_equals_its_postings: tenant alba: account ")
                    == true)

            market.clock.advance(milliseconds: 1)
            let stopped = JobProgress()
            stopped.stop()
            #expect(try await runs.run(job, stopped).state == .interrupted)
            #expect(stopped.counts.first { $0.name == "checked" }?.value == 1)
        }
    }
}

extension Market {
    func reconcile(of shop: Shop? = nil) async throws -> ReconcileCounts {
        try await Reconciliation(pool: database.pool(.worker, threads: 1), logger: .quiet)
            .run(of: shop?.tenant)
    }
}
