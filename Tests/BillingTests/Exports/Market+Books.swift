import Billing
import Catalog
import Postgres
import Primitives
import Server
import TestSupport

extension Market {
    /// What may stand in a note, and has to stay a note wherever it is read.
    static let torture = [
        "=cmd|'/C calc'!A0", "+1-555-0100", "-2+3", "@SUM(A1:A9)", "\ttab first", "\rreturn first",
        "\nline first",
        "'=quoted already", "'", "a \"quoted\" word", "comma, semicolon; pipe | and \\ backslash\\",
        "two\r\nlines", "\u{1F9FE} receipt \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
        "\u{202E}right to left\u{202C} \u{0634}\u{0643}\u{0631}\u{0627}", "date:2026-13-45", "[2026-02-31]",
        "  ; comment", "} ~ 0 USD", "2026-01-01 open Assets:Evil", "% & # ! { } [ ] ( )", "",
        "\u{7F}delete \u{1}control", "\u{FEFF}mark", "e\u{301}\u{302}\u{303}",
    ]

    /// Half a year of one shop's trade: everything that moves money, a few days apart.
    ///
    /// - Parameter other: a currency in which the shop keeps a second set of accounts; it sells nothing for it.
    func trade(in shop: Shop, with engine: Engine, other: Currency? = nil) async throws {
        try await coupon("HALF", percent: 49_99, renewals: 1, in: shop)
        let monthly: PlanID = ids.next(at: now)
        let opened = now
        try await database.owner.run { try shop.sell(months: 1, as: monthly, on: $0, at: opened) }
        func submit(_ submission: Submission) async throws -> Answer {
            let answer = try await engine.submit(submission)
            clock.advance(milliseconds: 3 * Self.day + 3_723_456)
            return answer
        }
        func bought(_ submission: Submission) async throws -> PurchaseReceipt {
            guard let receipt = try await submit(submission).bought else { throw Surprise("no purchase") }
            return receipt
        }
        _ = try await submit(
            submission(.floatTopUp(FloatTopUp(amount: shop.money(500_00), reference: "float")), by: shop))
        for customer in [shop.ann, shop.ben] { try await topUp(customer, 500_00, in: shop, with: engine) }

        let pair = try await bought(purchase(shop, quantity: 2, coupon: "HALF"))
        let quarter = try await bought(purchase(shop, plan: monthly, by: shop.ben, repeatCount: 3))
        let resold = try await bought(purchase(shop, plan: shop.resoldPlan, repeatCount: 3))
        let week = try await bought(purchase(shop, plan: shop.weekPlan, by: shop.ben, repeatCount: 6))
        _ = try await submit(
            submission(.trial(Trial(customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl])), by: shop))
        _ = try await submit(renewal(shop, of: pair.subscriptions[0].id))
        _ = try await submit(planChange(shop, of: pair.subscriptions[1].id, to: shop.weekPlan))
        _ = try await submit(refund(pair.order, of: shop, minor: 1_01, keepsService: true))
        _ = try await submit(cancellation(shop, of: week.subscriptions[0].id, by: shop.ben))
        let again = try await bought(purchase(shop, plan: shop.weekPlan, by: shop.ben, repeatCount: 4))
        _ = try await submit(
            cancellation(shop, of: again.subscriptions[0].id, by: shop.ben, keepsMoney: true))
        _ = try await submit(refund(resold.order, of: shop))
        let late = try await submit(
            renewal(shop, of: quarter.subscriptions[0].id, plan: monthly, by: shop.ben))
        guard let late = late.renewed else { throw Surprise("no renewal") }
        _ = try await submit(refund(late.order, of: shop, by: shop.ben))
        for (place, note) in Self.torture.enumerated() {
            let adjustment = Adjustment(
                customer: shop.ann, amount: shop.money(place.isMultiple(of: 2) ? 3_07 : -1_03),
                reference: "\(note) \(place)", memo: note, actor: "operator \(note)")
            _ = try await engine.submit(submission(.adjustment(adjustment), by: shop))
            clock.advance(milliseconds: 7_777_777)
        }
        if let other { try await trade(in: shop, other, with: engine) }
    }

    private func trade(in shop: Shop, _ currency: Currency, with engine: Engine) async throws {
        let (customer, now): (CustomerID, Instant) = (ids.next(at: now), now)
        let seed = ids.next(at: now, of: CommandSubject.self).bits.low
        try await database.owner.run { connection in
            var work = LedgerWork(seed: seed, stock: SlotStock())
            try connection.withTransaction { connection in
                try work.openTenant(
                    shop.tenant, currency: currency, wholesaleCreditLimit: .zero(currency), on: connection,
                    at: now)
                _ = try connection.query(
                    """
                    INSERT INTO customers (tenant_id, id, email, username, currency, created_at)
                    VALUES (\(shop.tenant), \(customer), 'far@example.com', 'far', \(currency.code), \(now))
                    """)
                try work.openWallet(
                    of: customer, in: shop.tenant, creditLimit: .zero(currency), on: connection, at: now)
            }
        }
        for (reference, minor) in [("far-1", Int64(10_001)), ("far-2", 7)] {
            let topUp = TopUp(
                customer: customer, amount: Money(minor: minor, currency: currency), reference: reference)
            _ = try await engine.submit(submission(.topUp(topUp), by: shop))
            clock.advance(days: 1)
        }
    }
}
