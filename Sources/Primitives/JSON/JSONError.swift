/// Why a text is not the JSON that we accept, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        /// Nothing but white space.
        case empty
        /// The text begins with a byte order mark (RFC 8259 §8.1 lets a parser refuse it).
        case byteOrderMark
        /// The text stops inside a value.
        case unexpectedEnd
        /// A byte that cannot stand here.
        case unexpectedByte(UInt8)
        /// Something follows the one value.
        case trailingBytes
        /// A number outside the grammar of RFC 8259 §6: `01`, `1.`, `+1`.
        case invalidNumber
        /// A backslash that is followed by none of `"\/bfnrtu`, or `\u` without four hex digits.
        case invalidEscape
        /// `\ud800`…`\udfff` that is not half of a pair.
        case unpairedSurrogate
        /// A byte below 0x20 inside a string.
        case controlCharacter(UInt8)
        /// Bytes that are not UTF-8.
        case invalidUTF8
        /// One object names one member twice.
        case duplicateKey(String)
        /// Arrays and objects nested deeper than `JSON.depthMax`.
        case tooDeep
        /// A string with more than `JSON.marksMax` combining marks on one character.
        case tooManyMarks
    }

    public let reason: Reason
    /// Bytes before the one that is wrong.
    public let offset: Int

    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// One sentence for whoever sent the text; it repeats nothing of the text but the beginning of a member's name.
    public var message: String {
        switch reason {
        case .empty: "The JSON text is empty."
        case .byteOrderMark: "The JSON text begins with a byte order mark."
        case .unexpectedEnd: "The JSON text ends too early, at byte \(offset)."
        case .unexpectedByte(let byte): "Unexpected \(Self.name(byte)) at byte \(offset)."
        case .trailingBytes: "Something follows the JSON value, at byte \(offset)."
        case .invalidNumber: "Invalid number at byte \(offset)."
        case .invalidEscape: "Invalid escape in a string at byte \(offset)."
        case .unpairedSurrogate: "Unpaired surrogate in a string at byte \(offset)."
        case .controlCharacter(let byte):
            "Unescaped control character \(Self.name(byte)) in a string at byte \(offset)."
        case .invalidUTF8: "Invalid UTF-8 at byte \(offset)."
        case .duplicateKey(let key):
            "The member \"\(Self.shown(key))\" occurs twice in one object, at byte \(offset)."
        case .tooManyMarks:
            "More than \(JSON.marksMax) combining marks on one character of the string at byte \(offset)."
        case .tooDeep: "The JSON text is nested deeper than \(JSON.depthMax) levels, at byte \(offset)."
        }
    }

    public var description: String { message }

    /// A name may be as long as the text and hold anything; a message is one short line.
    private static func shown(_ key: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in key.unicodeScalars.prefix(40) {
            let isPlain = scalar.value >= 0x20 && scalar.properties.generalCategory != .control
            scalars.append(isPlain ? scalar : "\u{FFFD}")
        }
        return String(scalars) + (key.unicodeScalars.count > 40 ? "…" : "")
    }

    private static func name(_ byte: UInt8) -> String {
        (0x21...0x7E).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "byte 0x" + String(byte, radix: 16)
    }
}
