import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

/// Coupons at the gate's envelope: golden exchanges in fixtures/dialects/gate, one for each thing that can be wrong.
///
/// The contract has one sentence for all of them (G1), so a customer cannot learn by trying whose a coupon is.
@Suite("Gate coupons", .database)
struct GateCouponTests {
    /// A coupon's row, by what is wrong with it.
    private struct Bad {
        let wrong: String
        var percent: Int32? = 10_00
        var amount: Int64?
        var currency = "USD"
        var minimum: Int64?
        var budget: Int64?
        var limit: Int32?
        var perCustomer: Int32?
        var firstOrder = false
        var customers: [String]?
        var plan: PlanID?
        var kinds: [String]?
        /// In days from now.
        var starts: Int64?
        var ends: Int64?
        var isActive = true

        /// `inactive` is `INACTIVE`.
        var code: String { wrong.uppercased() }
    }

    private func coupons(_ alba: GateTenant) -> [Bad] {
        [
            Bad(wrong: "inactive", isActive: false), Bad(wrong: "not_started", starts: 1),
            Bad(wrong: "ended", ends: 0), Bad(wrong: "exhausted", limit: 1),
            Bad(wrong: "customer_not_covered", customers: ["bob@example.com"]),
            Bad(wrong: "customer_limit_reached", perCustomer: 1),
            Bad(wrong: "not_first_order", firstOrder: true),
            Bad(wrong: "plan_not_covered", plan: alba.mobile7),
            Bad(wrong: "kind_not_covered", kinds: ["renewal"]),
            Bad(wrong: "currency_mismatch", percent: nil, amount: 1_00, currency: "EUR"),
            Bad(wrong: "below_minimum", minimum: 12_01),
            Bad(wrong: "budget_exhausted", percent: nil, amount: 3_00, budget: 2_99),
        ]
    }

    @Test func `whatever is wrong with a coupon is an invalid couponCode, and nothing is charged`()
        async throws
    {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, stage) = (world.alba, GateStage(world))
                let bad = coupons(alba)
                for coupon in bad { try await write(coupon, world) }
                for used in ["EXHAUSTED", "CUSTOMER_LIMIT_REACHED"] {
                    let reply = try await world.post(
                        #"{"op":"purchase","planId":"\#(alba.mobile30.gate)","couponCode":"\#(used)"}"#,
                        by: alba.alice, of: alba)
                    #expect(reply.outcome == "200", "\(used): \(reply.body)")
                }
                let (balance, orders) = (
                    try await world.balance(alba, alba.alice), try await world.count("orders", alba)
                )
                for coupon in bad + [Bad(wrong: "unknown")] {
                    #expect(await reason(of: coupon.code, world) == "coupon_\(coupon.wrong)")
                    #expect(try await tried(coupon.code, world) == "coupon_\(coupon.wrong)")
                    let reply = try await stage.post(
                        "coupon-\(coupon.wrong.replacing("_", with: "-"))",
                        #"{"op":"purchase","planId":"\#(alba.mobile30.gate)","couponCode":"\#(coupon.code)"}"#
                    )
                    #expect(
                        reply.body
                            == #"{"ok":false,"error":"Invalid couponCode","code":"invalid_coupon_code"}"#)
                }
                #expect(try await world.balance(alba, alba.alice) == balance)
                #expect(try await world.count("orders", alba) == orders)
                #expect(try await world.count("coupon_redemptions", alba) == 2)
                #expect(try await world.count("orders", world.brio) == 0)
            }
        }
    }

    @Test func `so it is at a renewal, and what was promised is kept from who names another coupon`()
        async throws
    {
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, stage) = (world.alba, GateStage(world))
                try await write(Bad(wrong: "ended", ends: 0), world)
                try await world.execute("UPDATE coupons SET renewals = 1 WHERE code = 'WELCOME20'")
                let bought = try await world.post(
                    #"{"op":"purchase","planId":"\#(alba.mobile30.gate)","couponCode":"WELCOME20"}"#,
                    by: alba.alice, of: alba)
                let renew =
                    #"{"op":"renew","subscriptionId":"\#(bought.subscriptionID)","planId":"\#(alba.mobile30.gate)""#
                let before = try await world.balance(alba, alba.alice)
                let refused = try await stage.post(
                    "renew-with-a-coupon-that-has-ended", renew + #","couponCode":"ENDED"}"#)
                #expect(refused.outcome == "400 invalid_coupon_code")
                #expect(try await world.balance(alba, alba.alice) == before)
                // Without a coupon's name the promise is there, as if nobody had asked.
                let renewed = try await stage.post("renew-at-a-promised-discount", renew + "}")
                #expect(renewed.outcome == "200")
                #expect(try await world.balance(alba, alba.alice) == before - 9_60)
            }
        }
    }

    /// What the engine says of the same order, for the fixture to be about what its name says.
    /// What staff are told who try it: by the rule that the purchase hears from.
    private func tried(_ code: String, _ world: GateWorld) async throws -> String? {
        let trial = CouponTrial(
            coupon: try #require(CouponCode(code)), plan: "mobile-30d", kind: .purchase, quantity: .one,
            repeatCount: .one, customer: world.alba.alice.id.description)
        let reading = world.database.pool(.door, tenantClock: { TenantClockStore.ahead(of: $0) })
        do {
            let outcome = try await trial.outcome(at: world.alba.id, reading: reading)
            return outcome["refusal"]?["code"]?.stringValue
        } catch is AdminProblem {
            return "coupon_unknown"
        }
    }

    private func reason(of code: String, _ world: GateWorld) async -> String? {
        let purchase = Purchase(
            customer: world.alba.alice.id, plan: world.alba.mobile30, networks: [world.alba.amsterdam],
            coupon: CouponCode(code))
        do throws(EngineError) {
            _ = try await world.engine.submit(
                Submission(
                    id: world.ids.next(at: world.clock.now()), tenant: world.alba.id, principal: nil,
                    dialect: Gate.name, command: .purchase(purchase)))
            return nil
        } catch {
            guard case .refused(let refusal) = error else { return "\(error)" }
            return refusal.couponCode
        }
    }

    private func write(_ coupon: Bad, _ world: GateWorld) async throws {
        let (now, id): (Instant, CouponID) = (world.clock.now(), world.ids.next(at: world.clock.now()))
        let starts = coupon.starts.flatMap { now.adding(milliseconds: $0 * 86_400_000) }
        let ends = coupon.ends.flatMap { now.adding(milliseconds: $0 * 86_400_000) }
        try await world.execute(
            """
            INSERT INTO coupons (tenant_id, id, code, percent_bps, amount_minor, currency, min_amount_minor, budget_minor,
                max_redemptions, per_customer, first_order, customers, plan_ids, applies_to, starts_at, ends_at, active,
                created_at)
            VALUES (\(world.alba.id), \(id), \(coupon.code), \(coupon.percent), \(coupon.amount), \(coupon.currency),
                \(coupon.minimum), \(coupon.budget), \(coupon.limit), \(coupon.perCustomer), \(coupon.firstOrder),
                \(coupon.customers), \(coupon.plan.map { [$0] }), \(coupon.kinds), \(starts), \(ends), \(coupon.isActive),
                \(now))
            ON CONFLICT (tenant_id, code) DO NOTHING
            """)
    }
}
