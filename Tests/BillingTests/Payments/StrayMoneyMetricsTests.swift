import Billing
import Metrics
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Metrics of money that nobody picks up", .database)
struct StrayMoneyMetricsTests {
    private let metrics = PrometheusMetrics()

    /// The lines of one metric as a scrape would read them.
    private func lines(_ name: String) -> [Substring] {
        metrics.render().split(separator: "\n").filter { $0.hasPrefix("\(name){") }
    }

    @Test func `what becomes of the orders that money arrives for is counted, and begins at nothing`()
        async throws
    {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await withMetricsFactory(metrics) {
                try await market.withEngine { engine in
                    #expect(lines("tollgate_engine_settlements_total").allSatisfy { $0.hasSuffix(" 0") })
                    let (alba, brio) = (market.alba, market.brio)
                    let bought = try await market.place(alba, on: engine).order
                    try await market.settle(bought, 12_00, in: alba, on: engine)
                    try await market.settle(bought, 12_00, in: alba, on: engine)
                    let waiting = try await market.place(brio, by: brio.ben, on: engine).order
                    try await market.settle(waiting, 1, in: brio, on: engine)
                    let sold = try await market.place(brio, on: engine).order
                    try await database.execute("UPDATE slots SET state = 'held' WHERE state = 'ready'")
                    try await market.settle(sold, 50_00, in: brio, on: engine)
                }
            }
            #expect(
                lines("tollgate_engine_settlements_total") == [
                    #"tollgate_engine_settlements_total{result="bought"} 1"#,
                    #"tollgate_engine_settlements_total{result="late"} 1"#,
                    #"tollgate_engine_settlements_total{result="not_fulfilled"} 1"#,
                    #"tollgate_engine_settlements_total{result="waits"} 1"#,
                ])
        }
    }

    @Test func `money that cannot be credited is counted once for each payment, by why`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let (engine, provider) = (market.engine(), FakeProvider())
            let desk = market.payments(engine, provider)
            let euros = Money(minor: 25_00, currency: Currency("EUR")!)
            try await withMetricsFactory(metrics) {
                PaymentMetrics.begin()
                for shop in [market.alba, market.brio] {
                    let payment = try await market.open(25_00, in: shop, at: desk)
                    for name in ["evt_1", "evt_2"] {
                        try await desk.take(
                            market.paidMessage(payment, euros, named: name), from: provider, of: shop.tenant)
                    }
                }
                let stranger = ProviderPayment(
                    reference: "pi_x", state: .paid(euros), names: OurNames(), saved: nil)
                for name in ["evt_3", "evt_4"] {
                    let message = ProviderMessage(name: name, kind: "payment", content: .payment(stranger))
                    try await desk.take(message, from: provider, of: market.alba.tenant)
                }
            }
            #expect(
                lines("tollgate_payments_not_credited_total") == [
                    #"tollgate_payments_not_credited_total{reason="currency"} 2"#,
                    #"tollgate_payments_not_credited_total{reason="name_used"} 0"#,
                    #"tollgate_payments_not_credited_total{reason="stranger"} 1"#,
                ])
            await engine.stop()
        }
    }

    @Test func `a parked wallet is shown with its tenant until somebody has looked`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            try await market.connectProviders()
            let (engine, provider) = (market.engine(), FakeProvider())
            let desk = market.payments(engine, provider)
            for (shop, customer, isParked) in [
                (market.alba, market.alba.ann, true), (market.alba, market.alba.ben, true),
                (market.brio, market.brio.ann, false),
            ] {
                let (parkedAt, reason) = isParked ? (market.now, "card_declined") : (nil, nil)
                try await database.owner.run { connection in
                    _ = try connection.query(
                        """
                        INSERT INTO auto_top_ups (tenant_id, customer_id, currency, threshold_minor, amount_minor, per_day,
                            parked_at, parked_reason, changed_at, changed_by)
                        VALUES (\(shop.tenant), \(customer), \(shop.currency.code), 5, 10, 1, \(parkedAt), \(reason),
                            \(market.now), 'test')
                        """)
                }
            }
            let job = AutoTopUpsJob(
                pool: database.pool(.job, threads: 1), logger: .quiet, lend: .shared(engine)
            ) { _ in desk }
            func run() async throws -> Int? {
                let progress = JobProgress()
                try await job.run(JobOrder(tenant: nil, clock: market.clock), progress)
                return progress.counts.first { $0.name == "parked" }?.value
            }
            try await withMetricsFactory(metrics) {
                #expect(try await run() == 2)
                #expect(
                    lines("tollgate_parked_wallets") == [
                        #"tollgate_parked_wallets{tenant="1"} 2"#, #"tollgate_parked_wallets{tenant="2"} 0"#,
                    ])
                try await desk.stopFilling(market.alba.ben, of: market.alba.tenant, actor: "olga")
                try await database.execute(
                    "UPDATE auto_top_ups SET parked_at = NULL, parked_reason = NULL WHERE customer_id = '\(market.alba.ann)'"
                )
                #expect(try await run() == 0)
                #expect(lines("tollgate_parked_wallets").allSatisfy { $0.hasSuffix(" 0") })
            }
            await engine.stop()
        }
    }
}
