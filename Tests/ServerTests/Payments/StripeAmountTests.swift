import Primitives
import Testing

@testable import Server

/// Lessons rows 42 and 43 (lago #643, InvoicePlane #1677): amounts a hundred times too large in currencies without cents.
@Suite("Amounts as Stripe counts them")
struct StripeAmountTests {
    /// Stripe's own examples, and one of each of its kinds of currency.
    @Test(
        arguments: [
            ("USD", 10_99, 1_099), ("EUR", 1, 1), ("JPY", 500, 500), ("KRW", 500, 500), ("CLP", 7, 7),
            ("ISK", 5, 500), ("UGX", 5, 500), ("BHD", 5_120, 5_120), ("KWD", 1_230, 1_230),
            ("MGA", 500_00, 500),
            ("HUF", 1_250, 1_250),
        ] as [(String, Int64, Int64)])
    func `an amount becomes Stripe's number and comes back`(code: String, minor: Int64, number: Int64) throws
    {
        let money = Money(minor: minor, currency: try #require(Currency(code)))
        #expect(StripeAmount.number(of: money) == number)
        #expect(StripeAmount.money(number, code.lowercased()) == money)
    }

    @Test func `what Stripe cannot collect is no number`() throws {
        func number(_ minor: Int64, _ code: String) throws -> Int64? {
            StripeAmount.number(of: Money(minor: minor, currency: try #require(Currency(code))))
        }
        #expect(try number(5_121, "BHD") == nil, "the last of three digits")
        #expect(try number(5_01, "MGA") == nil, "no cents")
        #expect(try number(Int64.max, "ISK") == nil)
        for code in ["CLF", "UYW", "IQD", "LYD", "UYI"] { #expect(try number(100, code) == nil, "\(code)") }
        #expect(StripeAmount.money(501, "isk") == nil)
        #expect(StripeAmount.money(5, "xxx") == nil)
    }

    @Test(arguments: Currency.all) func `every currency comes back as it went, or is refused`(
        currency: Currency
    ) {
        for minor in [1, 10, 99, 100, 1_000, 123_450, 99_999_990] as [Int64] {
            let money = Money(minor: minor, currency: currency)
            guard let number = StripeAmount.number(of: money) else { continue }
            #expect(StripeAmount.money(number, currency.code) == money)
        }
    }
}
