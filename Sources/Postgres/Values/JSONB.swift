/// JSON text that is bound and read as `jsonb`.
public struct JSONB: Sendable, Hashable {
    /// The JSON text; what comes back from the server is its own spelling of the same value.
    public var text: String

    /// Wraps text that is JSON; the server refuses it when it is not.
    public init(_ text: String) {
        self.text = text
    }
}

extension JSONB: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.jsonb }
    public static var postgresArrayOID: UInt32 { TypeOID.jsonbArray }

    public func appendBytes(to bytes: inout [UInt8]) {
        bytes.append(1)  // the version of the binary format; there is only one
        bytes.append(contentsOf: text.utf8)
    }
}

extension JSONB: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> JSONB {
        guard oid == TypeOID.jsonb || oid == TypeOID.json else { throw Unreadable(oid, as: JSONB.self) }
        return JSONB(try String.read(oid: oid, bytes: bytes))
    }
}
