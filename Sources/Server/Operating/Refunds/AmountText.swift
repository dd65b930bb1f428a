internal import Primitives

/// An amount as an operator writes it: `12.50 USD`, or `12.50` in the currency of whatever it is about.
struct AmountText: Sendable, Equatable, CustomStringConvertible {
    private let text: String
    private let money: Money?

    /// `nil` for what no currency could make an amount above zero; or zero, where that says something.
    init?(_ text: String, allowingZero: Bool = false) {
        self.text = text
        money = Money(text)
        guard let read = money ?? Self.finest.flatMap({ Money(decimal: text, currency: $0) }),
            read.isPositive || allowingZero && read.isZero
        else { return nil }
    }

    /// One that may be of any sign.
    init?(signed text: String) {
        self.text = text
        money = Money(text)
        guard money != nil || Self.finest.flatMap({ Money(decimal: text, currency: $0) }) != nil else {
            return nil
        }
    }

    /// The amount; `nil` where it has more digits than the currency. Money that names another currency stays what it is.
    func money(in currency: Currency) -> Money? {
        money ?? Money(decimal: text, currency: currency)
    }

    var description: String { text }

    /// The one with the most digits that ISO 4217 knows.
    private static let finest = Currency("CLF")
}
