import Billing
import Primitives
import TestSupport
import Testing

@testable import Server

/// Journals as the accountants' own programs read them.
@Suite("Journals for hledger and beancount", .database)
struct JournalExportTests {
    private static let currencies = [("USD", "JPY"), ("JPY", "KWD"), ("KWD", "CLF"), ("CLF", "USD")]

    @Test(arguments: currencies)
    func `hledger and beancount hold in every account what the books hold`(
        code: String, other: String
    ) async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, currency: Currency(code)!)
            try await market.withEngine { engine in
                try await market.trade(in: market.alba, with: engine, other: Currency(other)!)
                try await market.topUp(market.brio.ann, 77_00, in: market.brio, with: engine)
            }
            let exports = market.exports
            for shop in [market.alba, market.brio] {
                let hledger = try await market.export(.journal, .hledger, of: shop, with: exports)
                #expect(try await Oracle.hledger(hledger) == market.held(in: shop, named: AccountNames.path))
                let beancount = try await market.export(.journal, .beancount, of: shop, with: exports)
                #expect(
                    try await Oracle.beancount(beancount)
                        == market.held(in: shop, named: AccountNames.beancount))
                #expect(hledger.sum("debit", of: code) == hledger.sum("credit", of: code))
            }
        }
    }

    /// Each month begins with what the one before ended with, and both programs check it.
    @Test func `a month by itself opens and closes with the balances of the books`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine {
                try await market.trade(in: shop, with: $0, other: Currency("JPY")!)
            }
            try await market.move(shop, to: "America/New_York")
            let exports = market.exports
            for (from, to) in [("2026-01", "2026-02"), ("2026-02", "2026-03"), ("2026-03", "2026-05")] {
                let balances = try await market.export(.balances, of: shop, from: from, to: to, with: exports)
                var closing: [String: String] = [:]
                for row in balances.records {
                    guard let account = row["account"], let currency = row["currency"],
                        let side = row["normal_side"], let minor = row["closing_minor"].flatMap({ Int64($0) })
                    else { throw Surprise("no closing balance in \(row)") }
                    let debit = Money(minor: side == "debit" ? minor : -minor, currency: Currency(currency)!)
                    if !debit.isZero { closing["\(account) \(currency)"] = debit.decimalString }
                }
                #expect(closing.count >= 2)
                let hledger = try await market.export(
                    .journal, .hledger, of: shop, from: from, to: to, with: exports)
                #expect(try await Oracle.hledger(hledger) == closing)
                let beancount = try await market.export(
                    .journal, .beancount, of: shop, from: from, to: to, with: exports)
                let counted = try await Oracle.beancount(beancount)
                #expect(counted.values.sorted() == closing.values.sorted())
            }
        }
    }

    @Test func `a balance that is wrong by one minor unit is found by both`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { try await market.topUp(shop.ann, 12_34, in: shop, with: $0) }
            let hledger = try await market.export(.journal, .hledger, of: shop).text
            let found = try await Oracle.hledger(
                reading: hledger.replacing("= -12.34 USD", with: "= -12.35 USD"))
            #expect(found?.status == 1 && found?.errors.contains("balance assertion") == true)
            #expect(try await Oracle.hledger(reading: hledger)?.status == 0)
            let beancount = try await market.export(.journal, .beancount, of: shop).text
            let missed = try await Oracle.beancount(
                reading: beancount.replacing("-12.34 ~ 0", with: "-12.35 ~ 0"))
            #expect(missed?.status == 1 && missed?.errors.contains("Balance failed") == true)
            #expect(try await Oracle.beancount(reading: beancount)?.status == 0)
        }
    }
}
