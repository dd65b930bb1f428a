internal import Primitives

/// People's own words in each format, so that they stay words there.
extension ExportBytes {
    /// A cell of RFC 4180. A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, also behind a
    /// tab or the end of a line: such a text gets an apostrophe in front. One that has one gets another, so that whoever
    /// reads it back takes one away and has what was written. An empty text is `""`, for nothing at all is no text.
    func append(csv text: UnsafeRawBufferPointer) {
        guard let first = text.first else { return append("\"\"") }
        let isGuarded = Self.isDangerous(first)
        guard text.contains(where: Self.wantsQuotes) else {
            if isGuarded { append(UInt8(ascii: "'")) }
            return append(text)
        }
        append(UInt8(ascii: "\""))
        if isGuarded { append(UInt8(ascii: "'")) }
        for byte in text {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }

    /// A string of RFC 8259.
    func append(json text: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0x00..<0x20:
                append("\\u00")
                append(byte < 16 ? "0" : "")
                append(String(byte, radix: 16))
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// The rest of a line: ends of lines and other controls become spaces.
    func append(line text: UnsafeRawBufferPointer) {
        for byte in text { append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte) }
    }

    /// A string of beancount, which ends at a quotation mark and in which a backslash escapes.
    func append(beancount text: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        for byte in text {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
            append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte)
        }
        append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private static func isDangerous(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "'"),
            0x09,
            0x0A, 0x0D:
            true
        default: false
        }
    }

    @inline(__always)
    private static func wantsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
}
