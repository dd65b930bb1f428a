import Primitives
import Testing

@Suite("Money as decimals")
struct MoneyDecimalTests {
    /// 0, the bounds, and every place where a digit moves past the point.
    static let turningPoints: [Int64] = {
        var values: [Int64] = [0, .min, .min + 1, .max, .max - 1]
        var power: Int64 = 1
        for _ in 0..<19 {
            values += [power - 1, power, power + 1, -power - 1, -power, 1 - power]
            power = power.multipliedReportingOverflow(by: 10).partialValue
        }
        return values
    }()

    @Test(arguments: Currency.all)
    func `every amount survives being written and read`(currency: Currency) {
        for minor in Self.turningPoints {
            let amount = Money(minor: minor, currency: currency)
            #expect(Money(decimal: amount.decimalString, currency: currency) == amount)
            #expect(Money(amount.description) == amount)
        }
    }

    @Test func `random amounts of random currencies survive being written and read`() async {
        await forAll(20_000) { generator in
            let amount = Money(minor: generator.anyInt64(), currency: generator.pick(Currency.all))
            try same(Money(amount.description), amount)
        }
    }

    @Test(arguments: Currency.all)
    func `one digit more than the currency has is refused, even a zero`(currency: Currency) {
        let digits = String(repeating: "0", count: currency.scale + 1)
        #expect(Money(decimal: "1.\(digits)", currency: currency) == nil)
        #expect(Money(decimal: "-1.\(digits)", currency: currency) == nil)
    }

    @Test(arguments: Currency.all)
    func `one minor unit past the bounds is refused`(currency: Currency) {
        let most = digitsOnly(Money(minor: .max, currency: currency).decimalString)
        #expect(most == "9223372036854775807")
        #expect(Money(decimal: written("9223372036854775808", currency), currency: currency) == nil)
        #expect(
            Money(decimal: "-" + written("9223372036854775808", currency), currency: currency)?.minor == .min)
        #expect(Money(decimal: "-" + written("9223372036854775809", currency), currency: currency) == nil)
        #expect(Money(decimal: written("99223372036854775807", currency), currency: currency) == nil)
    }

    @Test(
        arguments: [
            ("USD", Int64(1200), "12.00"), ("USD", 5, "0.05"), ("USD", -5, "-0.05"), ("USD", -1205, "-12.05"),
            ("JPY", 1500, "1500"), ("JPY", -1, "-1"), ("BHD", 1, "0.001"), ("BHD", 12_345, "12.345"),
            ("CLF", 1, "0.0001"), ("CLF", 10_000, "1.0000"), ("UYW", -10_001, "-1.0001"),
            ("USD", .min, "-92233720368547758.08"), ("JPY", .max, "9223372036854775807"),
        ] as [(String, Int64, String)])
    func `an amount is written with exactly its currency's digits`(code: String, minor: Int64, text: String) {
        let currency = Currency(code)!
        #expect(Money(minor: minor, currency: currency).decimalString == text)
        #expect(Money(decimal: text, currency: currency)?.minor == minor)
    }

    @Test(
        arguments: [("12", Int64(1200)), ("12.5", 1250), ("0", 0), ("-0", 0), ("007.10", 710)]
            as [(String, Int64)])
    func `fewer digits mean zeros`(text: String, minor: Int64) {
        #expect(Money(decimal: text, currency: Currency("USD")!)?.minor == minor)
    }

    @Test(arguments: [
        "", "-", ".", "12.", ".5", "-.5", "+1", "--1", "1-", " 1", "1 ", "1,00", "1.0.0", "1e2", "0x10",
        "1_000",
        "NaN", "inf", "१२", "１", "1.-5", "12\u{0}", "1\n",
    ])
    func `what is not a plain decimal is refused`(text: String) {
        #expect(Money(decimal: text, currency: Currency("USD")!) == nil)
    }

    @Test(arguments: [
        "", "12.00", "12.00USD", "12.00  USD", " 12.00 USD", "12.00 USD ", "12.00 usd", "12.00 XXX",
        "USD 12.00",
        "12.00\tUSD", "12.000 USD", "1.5 JPY",
    ])
    func `a price that is not a decimal, one space and a code is refused`(text: String) {
        #expect(Money(text) == nil)
    }

    private func digitsOnly(_ text: String) -> String { text.filter { $0 != "." } }

    /// The digits of a number of minor units with the point where the currency has it.
    private func written(_ digits: String, _ currency: Currency) -> String {
        currency.scale == 0 ? digits : "\(digits.dropLast(currency.scale)).\(digits.suffix(currency.scale))"
    }
}
