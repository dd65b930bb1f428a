extension JSON {
    /// The value as JSON text without white space: members in their order, numbers as they were written.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// One text for every spelling of the same value, for the fingerprint of a request: members sorted by the bytes
    /// of their names, numbers normalised, nothing escaped that need not be.
    public func canonical() -> [UInt8] {
        var writer = JSONWriter()
        writer.canonical(self)
        return writer.bytes
    }
}

extension JSONWriter {
    /// A value as `JSON.encoded()` writes it.
    public mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .number(let number): raw(number.literal)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                key(member.key)
                self.value(member.value)
            }
            endObject()
        }
    }

    fileprivate mutating func canonical(_ value: JSON) {
        switch value {
        case .null, .bool, .integer, .string: self.value(value)
        case .number(let number): raw(number.canonicalText)
        case .array(let elements):
            beginArray()
            for element in elements { canonical(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                key(member.key)
                canonical(member.value)
            }
            endObject()
        }
    }
}
