import Billing
import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Statements as an operator looks them up", .database)
struct StatementTests {
    @Test func `a customer is shown with balance, credit and what moved it, newest first`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            let orders = try await market.makeOrders()
            try await database.execute(
                "UPDATE accounts SET floor_minor = -500 WHERE tenant_id = 1 AND owner_id = '\(shop.ann)'")
            let shown = try await market.reading.customer("ann", of: "alba", entries: 3)
            #expect(
                shown.customer.balance == shop.money(78_50) && shown.customer.creditLimit == shop.money(5_00))
            #expect(shown.statement.map(\.reason) == ["refund", "renewal", "purchase"])
            #expect(shown.statement.map(\.amount) == [2_50, -12_00, -12_00].map(shop.money))
            #expect(shown.statement.map(\.balance) == [78_50, 76_00, 88_00].map(shop.money))
            #expect(shown.statement.map(\.order)[1...] == [orders.renewal.order, orders.purchase.order])
            #expect(shown.lines[0].hasPrefix("ann@example.com  ann  78.50 USD and credit of 5.00 USD"))
            // A trial moved nothing, and stands in no statement. The other shop's Ann has a history of her own.
            let all = try await market.reading.customer("ann", of: "alba", entries: 100).statement
            #expect(all.map(\.reason) == ["refund", "renewal", "purchase", "top_up"])
            let theirs = try await market.reading.customer("ann", of: "brio").statement
            #expect(theirs.map(\.reason) == ["purchase", "top_up"])
        }
    }

    /// Each line's balance is the one before it and its own amount: nothing is missing between two pages.
    @Test(arguments: [1, 3, 7, 50])
    func `pages of a statement follow each other, and every line adds up`(limit: Int) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                var random = SplitMix64(seed: UInt64(limit))
                for number in 0..<20 {
                    let amount = Int64.random(in: -300...500, using: &random)
                    let adjustment = Adjustment(
                        customer: shop.ann, amount: shop.money(amount == 0 ? 1 : amount),
                        reference: "correction-\(number)", memo: "a test", actor: "operator test")
                    // A deduction that is more than there is is refused, and leaves no line.
                    _ = await market.inTurn(
                        [market.submission(.adjustment(adjustment), by: shop)], on: engine)
                }
            }
            var (lines, cursor): ([EntryView], Int64?) = ([], nil)
            repeat {
                let page = try await market.reading.statement(
                    of: "ann", of: "alba", before: cursor, limit: limit)
                #expect(page.items.count <= limit)
                lines += page.items
                cursor = page.next
            } while cursor != nil
            #expect(lines.compactMap(\.sequence) == Array((1...Int64(lines.count)).reversed()))
            var balance: Int64 = 0
            for line in lines.reversed() {
                balance += line.amount.minor
                #expect(line.balance == shop.money(balance) && line.memo == "a test")
            }
            #expect(try await market.balance(of: shop.ann, in: shop) == balance && lines.count > 5)
        }
    }
}
