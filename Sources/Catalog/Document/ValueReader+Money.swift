internal import Primitives

extension ValueReader {
    /// An amount of zero or more in this currency, like `12.00 USD`.
    func money(in currency: Currency) throws(DocumentError) -> Money {
        let text = try text()
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw problem("\"\(text)\" is no amount: write number, space, currency, like \"12.00 USD\"")
        }
        guard let stated = Currency(String(parts[1])) else {
            throw problem("\"\(parts[1])\" is no currency of ISO 4217")
        }
        guard stated == currency else {
            throw problem("\"\(text)\" is not in \(currency), the tenant's currency")
        }
        guard let amount = Money(decimal: parts[0], currency: currency) else {
            throw problem("\"\(parts[0])\" \(currency.complaint(about: parts[0]))")
        }
        guard !amount.isNegative else { throw problem("\"\(text)\" must not be negative") }
        return amount
    }

    /// A code of ISO 4217.
    func currency() throws(DocumentError) -> Currency {
        let text = try text()
        guard let currency = Currency(text) else {
            let near = Spelling.nearest(to: text, among: Currency.all.map(\.code)).map {
                "; did you mean \"\($0)\"?"
            }
            throw problem("\"\(text)\" is no currency of ISO 4217\(near ?? "")")
        }
        return currency
    }

    /// More than 0 and at most 100, with up to two decimals.
    func percentage() throws(DocumentError) -> BasisPoints {
        let text = try text()
        guard let share = BasisPoints(percent: text), share.value > 0 else {
            throw problem("\"\(text)\" is no percentage: above 0, at most 100, at most two decimals, no sign")
        }
        return share
    }
}

extension Currency {
    /// What is wrong with a text that is no amount of this currency.
    fileprivate func complaint(about text: Substring) -> String {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.joined()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return "is no number" }
        guard parts.count == 1 || parts[1].count <= scale else {
            return "is not in the units of \(self): "
                + (scale == 0 ? "whole numbers only" : "at most \(scale) digits after the point")
        }
        return parts.contains(where: \.isEmpty) ? "is no number" : "is too large an amount"
    }
}
