extension JSONParser {
    /// Reads from the opening quote past the closing one.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        try skipPlainText()
        if try peek() == UInt8(ascii: "\"") {
            position += 1
            return try bounded(String(decoding: bytes[start..<position - 1], as: UTF8.self), start)
        }
        return try bounded(unescaped(after: start), start)
    }

    /// Swift compares strings by meaning and sorts each run of combining marks for it, which takes the square of the
    /// run's length: thousands of marks on one letter would be minutes of work. UAX #15 §13 draws the line at 30.
    private func bounded(_ text: String, _ start: Int) throws(JSONError) -> String {
        // Too short for so many marks, which is what nearly every string is.
        guard text.utf8.count > 2 * JSON.marksMax else { return text }
        var run = 0
        for scalar in text.unicodeScalars {
            let isMark = scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
            run = isMark ? run + 1 : 0
            guard run <= JSON.marksMax else { throw JSONError(.tooManyMarks, at: start) }
        }
        return text
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
