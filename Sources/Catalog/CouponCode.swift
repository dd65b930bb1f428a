/// A coupon's code: 1–64 of A–Z, 0–9, `_` and `-`; written in either case, kept in upper case.
public struct CouponCode: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// Reads a code as a person typed it; `nil` where no coupon can have it.
    public init?(_ typed: some StringProtocol) {
        let letters = Array(typed.utf8)
        guard (1...64).contains(letters.count) else { return nil }
        var upper: [UInt8] = []
        upper.reserveCapacity(letters.count)
        for letter in letters {
            switch letter {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                upper.append(letter)
            case UInt8(ascii: "a")...UInt8(ascii: "z"): upper.append(letter - 32)
            default: return nil
            }
        }
        text = String(decoding: upper, as: UTF8.self)
    }

    public static func < (left: CouponCode, right: CouponCode) -> Bool { left.text < right.text }
    public var description: String { text }
}
