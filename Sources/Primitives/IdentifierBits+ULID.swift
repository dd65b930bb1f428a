extension IdentifierBits {
    /// The 128 bits as a ULID: 26 upper-case digits of Crockford's base 32, in the order of time like the UUID itself.
    public var ulidString: String {
        var digits = [UInt8](repeating: 0, count: 26)
        var value = UInt128(high) << 64 | UInt128(low)
        for position in stride(from: 25, through: 0, by: -1) {
            digits[position] = crockfordDigits[Int(value & 31)]
            value >>= 5
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Reads a ULID in either case; `nil` unless it is an id that we could have made.
    public init?(ulidString: String) {
        let text = ulidString.utf8
        // 26 digits hold 130 bits: a first digit past 7 would not fit.
        guard text.count == 26, let first = text.first,
            (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(first)
        else { return nil }
        var value: UInt128 = 0
        for character in text {
            let upper =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character) ? character & 0xDF : character
            guard let digit = crockfordDigits.firstIndex(of: upper) else { return nil }
            value = value << 5 | UInt128(digit)
        }
        self.init(high: UInt64(value >> 64), low: UInt64(truncatingIfNeeded: value))
        guard isGenuine else { return nil }
    }
}

private let crockfordDigits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
