import Billing
import Catalog
import Primitives
import Simulation
import Testing

/// A simulation that cannot fail proves nothing: engines that are wrong in one rule must be found out, by a script that
/// is short, can be read, and shows nothing against the engine that is right.
@Suite("Simulation: wrong engines")
struct FoundOutTests {
    enum Mistake: String, CaseIterable {
        case couponLimitOffByOne, couponBudgetOffByOne, couponCapOffByOne, firstOrderForgotten
        case couponUseNotCounted, refundNotCounted, refundKeepsTheSlot, floorOffByOne
        case balanceNotWritten, trialNotRemembered, keyNotRemembered, referenceForgotten, endOffByOne
        case wholesaleForgotten, renewalFromNow, tenantsMixed, takenThoughAnotherIsEmpty, loginNotShared
        case secondSlotNotLent, exitNotChecked, cutForgotten, cutNotBounded, cancelledKeepsTheSlot
        case swapKeepsTheOldSlot, creditForgotten, priceListForgotten
    }

    @Test(arguments: Mistake.allCases, [1, 2, 3] as [UInt64])
    func `a mistake in one rule is found, and told in a short script`(mistake: Mistake, seed: UInt64) throws {
        let wrong = Deciding.engine.making(mistake)
        let report = Campaign(seed: seed, commands: 20_000, linesPerScript: 300, deciding: wrong).run()
        let finding = try #require(report.finding, "\(mistake) was not found in \(report.commands) commands")
        let text = finding.shrunk(deciding: wrong)
        #expect(text.contains("of seed \(seed):"))
        let read = try Line.script(text)
        #expect((1...40).contains(read.count), "\(text)")
        var again = Run(deciding: wrong)
        let difference = #expect(throws: Difference.self) { try again.play(read) }
        #expect(difference?.likeness == finding.difference.likeness)
        var right = Run()
        #expect(throws: Never.self) { try right.play(read) }
    }
}

extension Deciding {
    /// The engine, with one rule wrong.
    func making(_ mistake: FoundOutTests.Mistake) -> Deciding {
        let engine = mistake == .loginNotShared ? Deciding.engine(joining: { $0 }) : self
        return Deciding { rows, submissions, ids, now in
            var rows = rows
            var now = now
            Self.spoil(&rows, &now, mistake)
            if mistake == .takenThoughAnotherIsEmpty { Self.takeAndKeep(submissions, &rows) }
            var decided = engine.decide(rows, submissions, ids, now)
            Self.spoil(&decided, mistake)
            return decided
        }
    }

    /// What the engine is made to believe.
    private static func spoil(_ rows: inout GroupRows, _ now: inout Instant, _ mistake: FoundOutTests.Mistake)
    {
        switch mistake {
        case .couponLimitOffByOne:
            for key in rows.coupons.keys { rows.coupons[key]?.maxRedemptions? += 1 }
        case .couponBudgetOffByOne:
            for (key, coupon) in rows.coupons {
                rows.coupons[key]?.budget = coupon.budget.map {
                    Money(minor: $0.minor + 1, currency: $0.currency)
                }
            }
        case .couponCapOffByOne:
            for (key, coupon) in rows.coupons {
                rows.coupons[key]?.maxDiscount = coupon.maxDiscount.map {
                    Money(minor: $0.minor + 1, currency: $0.currency)
                }
            }
        case .firstOrderForgotten: rows.standingOrders = [:]
        case .floorOffByOne:
            rows.books = Books(
                rows.books.accounts.map {
                    Account(
                        id: $0.id, key: $0.key, balance: $0.balance,
                        floor: $0.floor.map { $0 > .min ? $0 - 1 : $0 },
                        postings: $0.postings)
                })
        case .trialNotRemembered: rows.trials = []
        case .keyNotRemembered: rows.remembered = [:]
        case .referenceForgotten: rows.references = []
        case .endOffByOne: now.milliseconds += 1
        case .wholesaleForgotten: for key in rows.plans.keys { rows.plans[key]?.wholesalePrice = nil }
        case .renewalFromNow:
            for key in rows.subscriptions.keys { rows.subscriptions[key]?.activeUntil = now }
        case .tenantsMixed:
            for (key, customer) in rows.customers {
                rows.customers[TenantKey(tenant: TenantID(3 - key.tenant.number), name: key.name)] = customer
            }
        // As if nothing had been given back of it before.
        case .cutNotBounded:
            for (key, order) in rows.orders where !order.isRefunded { rows.orders[key]?.refunded = 0 }
        case .priceListForgotten: rows.groupPrices = [:]
        case .exitNotChecked: for key in rows.plans.keys { rows.plans[key]?.exits.append(.zz) }
        case .couponUseNotCounted, .refundNotCounted, .refundKeepsTheSlot, .balanceNotWritten,
            .takenThoughAnotherIsEmpty, .loginNotShared, .secondSlotNotLent, .cutForgotten,
            .cancelledKeepsTheSlot, .swapKeepsTheOldSlot, .creditForgotten:
            break
        }
    }

    /// What of its decisions is not written.
    private static func spoil(_ decided: inout Decided, _ mistake: FoundOutTests.Mistake) {
        switch mistake {
        case .couponUseNotCounted: decided.writes.couponCounts = [:]
        case .refundNotCounted: decided.writes.refunds = [:]
        case .cutForgotten: decided.writes.termCuts = []
        case .swapKeepsTheOldSlot:
            if decided.writes.entries.contains(where: { $0.reason == .planChange }) {
                decided.writes.stock.returned = []
            }
        // The order is not told what was credited of it, so it would be credited again.
        case .creditForgotten:
            if decided.writes.entries.contains(where: { $0.reason == .planChange }) {
                decided.writes.refunds = [:]
            }
        case .cancelledKeepsTheSlot:
            if decided.writes.entries.contains(where: { $0.reason == .cancellation }) {
                decided.writes.stock.returned = []
            }
        case .refundKeepsTheSlot: decided.writes.stock.returned = []
        case .secondSlotNotLent: decided.writes.stock.lent.removeAll { $0.place == 2 }
        case .balanceNotWritten: decided.books = Books(decided.books.accounts)
        case .couponLimitOffByOne, .couponBudgetOffByOne, .couponCapOffByOne, .firstOrderForgotten,
            .floorOffByOne, .trialNotRemembered, .keyNotRemembered,
            .referenceForgotten,
            .endOffByOne, .wholesaleForgotten, .renewalFromNow, .tenantsMixed, .takenThoughAnotherIsEmpty,
            .loginNotShared, .exitNotChecked, .cutNotBounded, .priceListForgotten:
            break
        }
    }

    /// Takes from the first networks of a plan although the last one is short, and does not put back.
    private static func takeAndKeep(_ submissions: [Submission], _ rows: inout GroupRows) {
        for submission in submissions {
            guard case .purchase(let purchase) = submission.command,
                let plan = rows.plans[TenantKey(tenant: submission.tenant, name: purchase.plan)]
            else { continue }
            let networks = plan.networks.map { TenantKey(tenant: submission.tenant, name: $0) }
            let quantity = Int(purchase.quantity.value)
            guard let last = networks.last, rows.shelf.count(last) < quantity else { continue }
            for network in networks.dropLast() { _ = rows.shelf.take(quantity, from: network) }
        }
    }
}

extension ExitCountry {
    fileprivate static let zz = ExitCountry(rawValue: "zz")!
}
