import Primitives

extension SplitMix64 {
    /// Any document, at most `depth` levels deep, about a handful of values at every level.
    mutating func document(depth: Int = 5) -> JSON {
        switch integer(0...(depth > 0 ? 8 : 5)) {
        case 0: return pick([.null, true, false])
        case 1, 2: return .integer(anyInt64())
        case 3: return JSONNumber(literal: numberLiteral()).map(JSON.number) ?? .integer(anyInt64())
        case 4, 5: return .string(text())
        case 6: return .array((0..<integer(0...6)).map { _ in document(depth: depth - 1) })
        default: return .object(object(depth: depth))
        }
    }

    private mutating func object(depth: Int) -> JSONObject {
        var object = JSONObject()
        for _ in 0..<integer(0...(chance(oneIn: 20) ? 40 : 6)) { object[text()] = document(depth: depth - 1) }
        return object
    }

    /// Text with more quotes, controls, and characters outside the first plane than anybody writes.
    mutating func text() -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<integer(0...12) {
            switch integer(0...5) {
            case 0:
                scalars.append(
                    pick(
                        "\"\\/\u{0}\u{8}\u{C}\n\r\t\u{1F}\u{7F}\u{2028}\u{FEFF}\u{301}".unicodeScalars.map {
                            $0
                        }))
            case 1: scalars.append(Unicode.Scalar(UInt32(integer(0...0x10FFFF))) ?? "x")
            default: scalars.append(Unicode.Scalar(UInt8(integer(0x20...0x7E))))
            }
        }
        return String(scalars)
    }

    /// A number in the grammar of RFC 8259, of any length and exponent.
    mutating func numberLiteral() -> String {
        var text = chance(oneIn: 2) ? "-" : ""
        text += chance(oneIn: 3) ? "0" : "\(integer(1...9))" + digits(0...24)
        if chance(oneIn: 2) { text += "." + digits(1...20) }
        if chance(oneIn: 2) {
            text += pick(["e", "E"]) + pick(["", "+", "-"]) + digits(1...(chance(oneIn: 9) ? 25 : 2))
        }
        return text
    }

    private mutating func digits(_ count: ClosedRange<Int64>) -> String {
        (0..<integer(count)).map { _ in "\(integer(0...9))" }.joined()
    }

    /// Another spelling of a whole number: zeros behind it, the point moved, an exponent that undoes the move.
    mutating func respelled(_ value: Int64) -> String {
        if value == 0 { return pick(["0", "-0", "0.0", "0e5", "-0.00E-7"]) }
        let zeros = Int(integer(0...4))
        var digits = Array(String(value.magnitude)) + Array(repeating: "0", count: zeros)
        let moved = Int(integer(0...Int64(digits.count - 1)))
        if moved > 0 { digits.insert(".", at: digits.count - moved) }
        let exponent = moved - zeros
        let sign = value < 0 ? "-" : ""
        return sign + String(digits)
            + (exponent == 0 && chance(oneIn: 2) ? "" : "\(pick(["e", "E"]))\(exponent)")
    }

    /// The same value as other bytes: members shuffled, numbers respelled, characters escaped, white space between.
    mutating func respelled(_ value: JSON) -> String {
        let space = pick(["", "", " ", "\n\t", "\r\n"])
        switch value {
        case .null, .bool, .number: return space + String(decoding: value.encoded(), as: UTF8.self)
        case .integer(let integer): return space + respelled(integer)
        case .string(let text): return space + escaped(text)
        case .array(let elements):
            return "[" + elements.map { respelled($0) }.joined(separator: space + ",") + space + "]"
        case .object(let object):
            let members = object.members.shuffled(using: &self).map {
                escaped($0.key) + space + ":" + respelled($0.value)
            }
            return space + "{" + space + members.joined(separator: ",\(space)") + "}"
        }
    }

    /// Every character that must be escaped, and some that need not be, as `\uXXXX` of its UTF-16 units.
    private mutating func escaped(_ text: String) -> String {
        "\""
            + text.unicodeScalars.map { scalar in
                if scalar.value >= 0x20, scalar != "\"", scalar != "\\", !chance(oneIn: 3) {
                    return String(scalar)
                }
                return String(scalar).utf16.map { unit in
                    let hex = String(unit, radix: 16, uppercase: chance(oneIn: 2))
                    return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                }.joined()
            }.joined() + "\""
    }
}
