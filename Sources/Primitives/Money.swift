/// An amount of one currency in whole minor units; never a float, and every sum is checked.
public struct Money: Sendable, Hashable, CustomStringConvertible {
    public let minor: Int64
    public let currency: Currency

    public init(minor: Int64, currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    public static func zero(_ currency: Currency) -> Money { Money(minor: 0, currency: currency) }

    public var isZero: Bool { minor == 0 }
    public var isPositive: Bool { minor > 0 }
    public var isNegative: Bool { minor < 0 }

    /// The sum; `nil` where it leaves Int64. Adding two currencies is a mistake of ours and traps.
    public func adding(_ other: Money) -> Money? {
        precondition(currency == other.currency, "amounts of two currencies were added")
        let (sum, overflow) = minor.addingReportingOverflow(other.minor)
        return overflow ? nil : Money(minor: sum, currency: currency)
    }

    /// The difference; `nil` where it leaves Int64. Two currencies trap.
    public func subtracting(_ other: Money) -> Money? {
        precondition(currency == other.currency, "amounts of two currencies were subtracted")
        let (difference, overflow) = minor.subtractingReportingOverflow(other.minor)
        return overflow ? nil : Money(minor: difference, currency: currency)
    }

    /// The product; `nil` where it leaves Int64.
    public func multiplied(by factor: Int64) -> Money? {
        let (product, overflow) = minor.multipliedReportingOverflow(by: factor)
        return overflow ? nil : Money(minor: product, currency: currency)
    }

    /// `12.00 USD`, with exactly the currency's digits.
    public var description: String { "\(decimalString) \(currency.code)" }
}
