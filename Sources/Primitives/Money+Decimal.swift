extension Money {
    /// The amount as a plain decimal with exactly the currency's digits: `-0.05`, `1500` for a currency without minor units.
    public var decimalString: String {
        let sign = minor < 0 ? "-" : ""
        let magnitude = minor.magnitude
        let unit = UInt64(currency.minorPerMajor)
        guard currency.scale > 0 else { return sign + String(magnitude) }
        let fraction = String(magnitude % unit)
        let zeros = String(repeating: "0", count: currency.scale - fraction.count)
        return "\(sign)\(magnitude / unit).\(zeros)\(fraction)"
    }

    /// Reads `12`, `12.5` or `-0.05`; `nil` for more digits than the currency has, for anything else, or past Int64.
    public init?(decimal: some StringProtocol, currency: Currency) {
        var text = Array(decimal.utf8)[...]
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { text = text.dropFirst() }
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : []
        guard parts.count == 1 || (!fraction.isEmpty && fraction.count <= currency.scale) else { return nil }
        let padding = [UInt8](repeating: UInt8(ascii: "0"), count: currency.scale - fraction.count)
        var value: Int64 = 0
        for digit in Array(whole) + Array(fraction) + padding {
            guard let sum = Self.appending(digit, to: value, isNegative) else { return nil }
            value = sum
        }
        self.init(minor: value, currency: currency)
    }

    /// Reads `12.00 USD`: a decimal, one space, an ISO 4217 code.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let currency = Currency(String(parts[1])) else { return nil }
        self.init(decimal: parts[0], currency: currency)
    }

    /// Counts down from zero for negative amounts, so that Int64.min can be read too.
    private static func appending(_ digit: UInt8, to value: Int64, _ isNegative: Bool) -> Int64? {
        guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
        let digit = Int64(digit - UInt8(ascii: "0"))
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        guard !overflow else { return nil }
        let (sum, carry) = product.addingReportingOverflow(isNegative ? -digit : digit)
        return carry ? nil : sum
    }
}
