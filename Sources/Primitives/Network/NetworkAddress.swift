/// An address of the Internet, IPv4 or IPv6. An IPv4 address in IPv6's clothes (`::ffff:192.0.2.1`) is the IPv4 address.
public struct NetworkAddress: Sendable, Hashable {
    /// An IPv4 address is kept as RFC 4291 §2.5.5.2 maps it, so that it has one value however it is written.
    let bits: UInt128

    init(bits: UInt128) {
        self.bits = bits
    }

    public var isIPv4: Bool { bits >> 32 == 0xFFFF }

    /// Reads four decimal numbers, or whatever RFC 4291 §2.2 allows; `nil` for anything else, for zones and for ports.
    ///
    /// Numbers with leading zeros are refused: some read them as octal (RFC 6943 §3.1.1), and an address that two
    /// programs read as two is good for getting past lists.
    public init?(_ text: some StringProtocol) {
        // No address is longer, and what is refused should cost nothing.
        let bytes = Array(text.utf8.prefix(46))
        guard bytes.count <= 45 else { return nil }
        if let number = Self.ipv4(bytes[...]) {
            bits = 0xFFFF << 32 | UInt128(number)
        } else if let number = Self.ipv6(bytes[...]) {
            bits = number
        } else {
            return nil
        }
    }

    private static func ipv4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let byte = DecimalText.number(part, max: 255) else { return nil }
            number = number << 8 | UInt32(byte)
        }
        return number
    }

    private static func ipv6(_ text: ArraySlice<UInt8>) -> UInt128? {
        let colon = UInt8(ascii: ":")
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let gap else {
            guard let all = groups(text, endsAddress: true), all.count == 8 else { return nil }
            return all.reduce(0) { $0 << 16 | UInt128($1) }
        }
        // Two colons stand for one group of zeros at least.
        guard let head = groups(text[..<gap], endsAddress: false),
            let tail = groups(text[(gap + 2)...], endsAddress: true), head.count + tail.count < 8
        else { return nil }
        let high = head.reduce(0 as UInt128) { $0 << 16 | UInt128($1) }
        return high << UInt128(16 * (8 - head.count)) | tail.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// The groups between colons; only the address's last 32 bits may be written as IPv4.
    private static func groups(_ text: ArraySlice<UInt8>, endsAddress: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if let group = hex(part) {
                groups.append(group)
            } else if endsAddress, index == parts.count - 1, let number = ipv4(part) {
                groups += [UInt16(number >> 16), UInt16(number & 0xFFFF)]
            } else {
                return nil
            }
        }
        return groups
    }

    private static func hex(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        var group: UInt16 = 0
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): group = group << 4 | UInt16(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                group = group << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                group = group << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return group
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// IPv4 as four decimal numbers, IPv6 as RFC 5952 §4 wants it: small letters, the longest run of zeros left out.
    public var description: String {
        guard !isIPv4 else {
            return stride(from: 24, through: 0, by: -8).map {
                String(UInt8(truncatingIfNeeded: bits >> UInt128($0)))
            }
            .joined(separator: ".")
        }
        let groups = stride(from: 112, through: 0, by: -16).map {
            UInt16(truncatingIfNeeded: bits >> UInt128($0))
        }
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let run = Self.longestRunOfZeros(groups) else { return text(groups[...]) }
        return "\(text(groups[..<run.lowerBound]))::\(text(groups[run.upperBound...]))"
    }

    /// The first of the longest; one group alone is written as `0`.
    private static func longestRunOfZeros(_ groups: [UInt16]) -> Range<Int>? {
        var longest = 0..<1
        var start = 0
        for (index, group) in groups.enumerated() {
            guard group == 0 else {
                start = index + 1
                continue
            }
            if index + 1 - start > longest.count { longest = start..<(index + 1) }
        }
        return longest.count > 1 ? longest : nil
    }
}

/// Small numbers as addresses, prefixes and ports write them: ASCII digits, no sign, no leading zero.
enum DecimalText {
    static func number(_ text: some Collection<UInt8>, max: Int) -> Int? {
        guard (1...5).contains(text.count), text.count == 1 || text.first != UInt8(ascii: "0") else {
            return nil
        }
        var number = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number <= max ? number : nil
    }
}
