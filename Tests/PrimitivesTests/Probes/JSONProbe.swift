import Primitives

enum JSONProbe {
    static func run(_ bytes: [UInt8]) throws(ProbeFailure) {
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(bytes)
        } catch {
            try check(error, bytes)
            return
        }
        let written = value.encoded()
        guard let read = try? JSON.parse(written) else {
            throw ProbeFailure(description: "what was written is refused")
        }
        try require(read == value, "what was written is read as something else")
        try require(read.encoded() == written, "writing is not stable")
        let canonical = value.canonical()
        let again = (try? JSON.parse(canonical))?.canonical()
        try require(again == canonical, "the canonical text has another canonical text")
        try require(depth(value) <= JSON.depthMax, "nested deeper than the bound")
        try check(cuttingOff: bytes, value)
    }

    /// Half a document is no document, wherever it is cut; only numbers may be cut and stay numbers.
    private static func check(cuttingOff bytes: [UInt8], _ value: JSON) throws(ProbeFailure) {
        switch value {
        case .null, .bool, .integer, .number: return
        case .string, .array, .object: break
        }
        guard let end = bytes.lastIndex(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return }
        for length in Set([end, end / 2, end / 3, end - 1]) where length >= 0 {
            try require((try? JSON.parse(bytes[..<length])) == nil, "cut off at \(length) it is still read")
        }
    }

    private static func check(_ error: JSONError, _ bytes: [UInt8]) throws(ProbeFailure) {
        try require((0...bytes.count).contains(error.offset), "an error at \(error.offset) of \(bytes.count)")
        switch error.reason {
        case .unexpectedByte(let byte), .controlCharacter(let byte):
            try require(
                error.offset < bytes.count && bytes[error.offset] == byte, "the byte stands elsewhere")
        case .empty, .byteOrderMark, .unexpectedEnd, .trailingBytes, .invalidNumber, .invalidEscape,
            .unpairedSurrogate, .invalidUTF8, .duplicateKey, .tooDeep, .tooManyMarks:
            break
        }
        let message = error.message
        try require(message.utf8.count < 300, "a message of \(message.utf8.count) bytes")
        let isOneLine = message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        try require(isOneLine, "a message with control characters")
    }

    private static func depth(_ value: JSON) -> Int {
        switch value {
        case .null, .bool, .integer, .number, .string: 0
        case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
        case .object(let object): 1 + (object.members.map { depth($0.value) }.max() ?? 0)
        }
    }
}
