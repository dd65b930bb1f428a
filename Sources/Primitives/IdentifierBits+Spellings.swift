// One id, several spellings (design.md §3). Each parser takes back exactly what its writer made, and nothing else.

extension IdentifierBits {
    /// `018f…-7…`: the canonical lower-case UUID.
    public var uuidString: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            let byte = byte(index)
            text.append(hexDigits[Int(byte >> 4)])
            text.append(hexDigits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The 96 identifying bits as 24 lower-case hex digits.
    public var hexString: String {
        var text: [UInt8] = []
        text.reserveCapacity(24)
        for shift in stride(from: 44, through: 0, by: -4) {
            text.append(hexDigits[Int(milliseconds >> UInt64(shift) & 15)])
        }
        for shift in stride(from: 44, through: 0, by: -4) {
            text.append(hexDigits[Int(sequence >> UInt64(shift) & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The 122 bits of time, sequence and check as 24 lower-case base-36 digits.
    public var base36String: String {
        var digits = [UInt8](repeating: 0, count: 24)
        var value = payload
        for position in stride(from: 23, through: 0, by: -1) {
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 36)
            digits[position] = base36Digits[Int(remainder)]
            value = quotient
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Reads a UUID in either case; `nil` unless it is an id that we could have made.
    public init?(uuidString: String) {
        let text = Array(uuidString.utf8)
        guard text.count == 36 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        var nibbles = 0
        for (index, character) in text.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = hexValue(character) else { return nil }
            if nibbles < 16 { high = high << 4 | digit } else { low = low << 4 | digit }
            nibbles += 1
        }
        self.init(high: high, low: low)
        guard isGenuine else { return nil }
    }

    /// Reads 24 hex digits in either case; every such text names an id, because 96 bits leave no room for a check.
    public init?(hexString: String) {
        let text = Array(hexString.utf8)
        guard text.count == 24 else { return nil }
        var halves: [UInt64] = [0, 0]
        for (index, character) in text.enumerated() {
            guard let digit = hexValue(character) else { return nil }
            halves[index / 12] = halves[index / 12] << 4 | digit
        }
        self.init(milliseconds: halves[0], sequence: halves[1])
    }

    /// Reads 24 lower-case base-36 digits; `nil` unless the check value is right.
    public init?(base36String: String) {
        let text = base36String.utf8
        guard text.count == 24 else { return nil }
        var value: UInt128 = 0
        for character in text {
            guard let digit = base36Value(character) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 36)
            guard !overflow else { return nil }
            value = product + UInt128(digit)
        }
        guard value >> 122 == 0 else { return nil }
        let time = UInt64(value >> 74)
        let sequence = UInt64(value >> 26 & 0xFFFF_FFFF_FFFF)
        self.init(milliseconds: time, sequence: sequence)
        guard payload == value else { return nil }
    }

    /// Time, sequence and check in 122 bits, most significant first.
    private var payload: UInt128 {
        UInt128(milliseconds) << 74 | UInt128(sequence) << 26 | UInt128(low & 0x3FF_FFFF)
    }

    private func byte(_ index: Int) -> UInt8 {
        let half = index < 8 ? high : low
        return UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * (index & 7)))
    }
}

private let hexDigits = Array("0123456789abcdef".utf8)
private let base36Digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

private func hexValue(_ character: UInt8) -> UInt64? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(character - UInt8(ascii: "A") + 10)
    default: nil
    }
}

private func base36Value(_ character: UInt8) -> UInt64? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(character - UInt8(ascii: "a") + 10)
    default: nil
    }
}
