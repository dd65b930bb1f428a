/// Reads bytes by recursive descent. Every read is guarded by `position < bytes.count`: release builds do not check.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    var position = 0
    private var depth = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func document() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw JSONError(.byteOrderMark, at: 0) }
        skipWhitespace()
        guard position < bytes.count else { throw JSONError(.empty, at: position) }
        let value = try value()
        skipWhitespace()
        guard position == bytes.count else { throw JSONError(.trailingBytes, at: position) }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        let byte = try peek()
        switch byte {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw JSONError(.unexpectedByte(byte), at: position)
        }
    }

    private mutating func object() throws(JSONError) -> JSON {
        try descend()
        defer { depth -= 1 }
        var members: [JSONObject.Member] = []
        var names = MemberNames()
        if try closes(UInt8(ascii: "}")) { return .object(JSONObject()) }
        members.reserveCapacity(4)
        repeat {
            skipWhitespace()
            let start = position
            guard try peek() == UInt8(ascii: "\"") else { throw unexpected() }
            let key = try string()
            guard names.insert(key, after: members) else { throw JSONError(.duplicateKey(key), at: start) }
            skipWhitespace()
            guard try peek() == UInt8(ascii: ":") else { throw unexpected() }
            position += 1
            skipWhitespace()
            members.append(JSONObject.Member(key: key, value: try value()))
        } while try continues(until: UInt8(ascii: "}"))
        return .object(JSONObject(unique: members))
    }

    private mutating func array() throws(JSONError) -> JSON {
        try descend()
        defer { depth -= 1 }
        var elements: [JSON] = []
        if try closes(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            skipWhitespace()
            elements.append(try value())
        } while try continues(until: UInt8(ascii: "]"))
        return .array(elements)
    }

    /// Steps over the opening bracket.
    private mutating func descend() throws(JSONError) {
        guard depth < JSON.depthMax else { throw JSONError(.tooDeep, at: position) }
        depth += 1
        position += 1
    }

    /// Whether the bracket that was just opened is closed at once; steps over it.
    private mutating func closes(_ bracket: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        guard try peek() == bracket else { return false }
        position += 1
        return true
    }

    /// Steps over a comma (true) or the closing bracket (false).
    private mutating func continues(until bracket: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        let byte = try peek()
        guard byte == UInt8(ascii: ",") || byte == bracket else { throw unexpected() }
        position += 1
        return byte != bracket
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for index in 0..<word.utf8CodeUnitCount {
            guard try peek() == word.utf8Start[index] else { throw unexpected() }
            position += 1
        }
        return value
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// The byte here; an error at the end of the text.
    func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
        return bytes[position]
    }

    private func unexpected() -> JSONError { JSONError(.unexpectedByte(bytes[position]), at: position) }
}

/// Recognises a name that an object has had before: by looking while there are few, by hash when there are many.
private struct MemberNames {
    private var hashed: Set<String> = []
    private static let fewMax = 16

    mutating func insert(_ key: String, after members: [JSONObject.Member]) -> Bool {
        if members.count < Self.fewMax { return !members.contains { $0.key == key } }
        if hashed.isEmpty { hashed = Set(members.lazy.map(\.key)) }
        return hashed.insert(key).inserted
    }
}
