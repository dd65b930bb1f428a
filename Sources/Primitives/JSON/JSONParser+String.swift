extension JSONParser {
    /// Reads from the opening quote past the closing one.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        try skipPlainText()
        if try peek() == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: bytes[start..<position - 1], as: UTF8.self)
        }
        return try unescaped(after: start)
    }

    /// Goes on from the first backslash of a string that began at `start`.
    private mutating func unescaped(after start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while try peek() != UInt8(ascii: "\"") {
            try appendEscape(to: &text)
            let plain = position
            try skipPlainText()
            text.append(contentsOf: bytes[plain..<position])
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// Stops at a quote, a backslash or the end; refuses control characters and what is not UTF-8.
    private mutating func skipPlainText() throws(JSONError) {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
            if byte < 0x20 { throw JSONError(.controlCharacter(byte), at: position) }
            if byte < 0x80 {
                position += 1
            } else {
                guard let length = utf8Length(bytes, at: position) else {
                    throw JSONError(.invalidUTF8, at: position)
                }
                position += length
            }
        }
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        let letter = try peek()
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: UTF8.encode(try scalar(escapedAt: start))!)
        default: throw JSONError(.invalidEscape, at: start)
        }
    }

    /// The scalar of `\uXXXX`, or of the pair `\uD8XX\uDCXX`.
    private mutating func scalar(escapedAt start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try hexQuad(start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first) else { throw JSONError(.unpairedSurrogate, at: start) }
        for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
            guard try peek() == expected else { throw JSONError(.unpairedSurrogate, at: start) }
            position += 1
        }
        let second = try hexQuad(position - 2)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw JSONError(.unpairedSurrogate, at: start) }
        return scalar
    }

    private mutating func hexQuad(_ start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: throw JSONError(.invalidEscape, at: start)
            }
            position += 1
        }
        return value
    }
}

/// Bytes in the well-formed multi-byte sequence that starts here (Unicode table 3-7); `nil` where it is not one.
private func utf8Length(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
    let length: Int
    let second: ClosedRange<UInt8>
    switch bytes[start] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard start + length <= bytes.count, second.contains(bytes[start + 1]) else { return nil }
    for index in start + 2..<max(start + 2, start + length) where bytes[index] & 0xC0 != 0x80 { return nil }
    return length
}
