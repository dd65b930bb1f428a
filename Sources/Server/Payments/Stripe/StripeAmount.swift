internal import Primitives

/// Amounts as Stripe counts them, whose digits are not always those of ISO 4217
/// (docs.stripe.com/currencies, "zero-decimal", "three-decimal" and "special cases").
enum StripeAmount {
    /// How many digits of a currency Stripe counts behind the point; `nil` where it does not say.
    static func scale(of currency: Currency) -> Int? {
        if zeroDecimal.contains(currency.code) { return 0 }
        // They lost their digits, and are counted as if they had not.
        if currency.code == "ISK" || currency.code == "UGX" { return 2 }
        if threeDecimal.contains(currency.code) { return 3 }
        return currency.scale == 2 ? 2 : nil
    }

    /// The number that a request carries; `nil` where the amount is none that Stripe can collect.
    static func number(of amount: Money) -> Int64? {
        guard let scale = scale(of: amount.currency) else { return nil }
        // The last digit of three has to be zero: cards know two.
        if scale == 3, amount.minor % 10 != 0 { return nil }
        return shifted(amount.minor, by: scale - amount.currency.scale)
    }

    /// The amount that an answer's number means; `nil` where it is none in the currency's own minor units.
    static func money(_ number: Int64, _ code: String) -> Money? {
        guard let currency = Currency(code.uppercased()), let scale = scale(of: currency),
            let minor = shifted(number, by: currency.scale - scale)
        else { return nil }
        return Money(minor: minor, currency: currency)
    }

    private static func shifted(_ number: Int64, by digits: Int) -> Int64? {
        var number = number
        for _ in 0..<max(0, digits) {
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            number = product
        }
        for _ in 0..<max(0, -digits) {
            if number % 10 != 0 { return nil }
            number /= 10
        }
        return number
    }

    private static let zeroDecimal: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF",
        "XPF",
    ]
    private static let threeDecimal: Set<String> = ["BHD", "JOD", "KWD", "OMR", "TND"]
}
