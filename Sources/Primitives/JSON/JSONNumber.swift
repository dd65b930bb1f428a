/// A JSON number that is not written as an Int64: a fraction, an exponent, or too many digits. Its text is kept.
public struct JSONNumber: Sendable, Hashable {
    /// The number as it was written.
    public let literal: String

    /// Takes the text of one number in the grammar of RFC 8259 §6; `nil` for anything else, and for what is an Int64.
    public init?(literal: String) {
        // The parser also takes white space around the number, which is no part of it.
        guard case .number(let number) = try? JSON.parse(literal.utf8), number.literal == literal else {
            return nil
        }
        self = number
    }

    init(unchecked literal: String) { self.literal = literal }

    /// The whole number meant (`2.0`, `1e2` and `20e-1` are whole); `nil` for a fraction or outside Int64.
    public var integralValue: Int64? {
        let parts = decomposed()
        if parts.digits.isEmpty { return 0 }
        // Int64 has at most 19 digits, and a last digit that is not zero must not be shifted right.
        guard let exponent = parts.exponent, exponent >= 0, exponent <= 18,
            parts.digits.count + exponent <= 19
        else { return nil }
        var value: Int64 = 0
        for digit in parts.digits + [UInt8](repeating: UInt8(ascii: "0"), count: exponent) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let step = Int64(digit - UInt8(ascii: "0"))
            let (sum, carry) = product.addingReportingOverflow(parts.isNegative ? -step : step)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// One spelling for every spelling of the same value: `15e-1` for `1.50`; whole numbers as Int64 writes them.
    public var canonicalText: String {
        if let whole = integralValue { return String(whole) }
        let parts = decomposed()
        guard let exponent = parts.exponent else { return literal }
        return (parts.isNegative ? "-" : "") + String(decoding: parts.digits, as: UTF8.self) + "e\(exponent)"
    }

    /// Sign, digits without zeros at either end, and the power of ten they count; no exponent where it leaves Int.
    private func decomposed() -> (isNegative: Bool, digits: [UInt8], exponent: Int?) {
        let text = Array(literal.utf8)
        let isNegative = text.first == UInt8(ascii: "-")
        let mark = text.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? text.endIndex
        let mantissa = text[..<mark].dropFirst(isNegative ? 1 : 0)
        let point = mantissa.firstIndex(of: UInt8(ascii: "."))
        let fractionDigits = point.map { mark - $0 - 1 } ?? 0

        var digits = mantissa.filter { $0 != UInt8(ascii: ".") }.drop { $0 == UInt8(ascii: "0") }
        let significant = digits.lastIndex { $0 != UInt8(ascii: "0") }.map { $0 + 1 } ?? digits.startIndex
        let zeros = digits.endIndex - significant
        digits = digits[..<significant]

        let written = mark == text.endIndex ? 0 : Int(String(decoding: text[(mark + 1)...], as: UTF8.self))
        let (exponent, overflow) = (written ?? 0).subtractingReportingOverflow(fractionDigits - zeros)
        return (isNegative, Array(digits), written == nil || overflow ? nil : exponent)
    }
}
