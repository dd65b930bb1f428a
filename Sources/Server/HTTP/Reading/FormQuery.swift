/// A query string, decoded as HTML forms encode it: `+` is a space, `%41` is an `A`.
struct FormQuery: Sendable {
    /// How often a name occurs.
    enum Occurrence: Equatable {
        case never
        case once(String)
        /// More than once, or in a broken percent-encoding.
        case unclear
    }

    /// A name or value whose percent-encoding is broken is `nil`.
    private var pairs: [(name: String?, value: String?)] = []

    init(_ query: String) {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let halves = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append((decoded(halves[0]), halves.count == 2 ? decoded(halves[1]) : ""))
        }
    }

    /// What is named, in order; `nil` in a broken encoding.
    var names: [String?] { pairs.map(\.name) }

    subscript(name: String) -> Occurrence {
        let values = pairs.filter { $0.name == name }
        guard let first = values.first else { return .never }
        guard values.count == 1, let value = first.value else { return .unclear }
        return .once(value)
    }
}

private func decoded(_ text: Substring.UTF8View) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
        case UInt8(ascii: "%"):
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue)
            else {
                return nil
            }
            bytes.append(high << 4 | low)
        default: bytes.append(byte)
        }
    }
    return String(validating: bytes, as: UTF8.self)
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
