extension Optional: Readable where Wrapped: Readable {
    public static var fromNull: Wrapped?? { .some(nil) }

    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Wrapped? {
        try Wrapped.read(oid: oid, bytes: bytes)
    }
}

extension Array: Readable where Element: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> [Element] {
        try Element.readArray(oid: oid, bytes: bytes)
    }
}

/// `[UInt8]` reads `bytea`; a lone `UInt8` reads a small integer.
extension UInt8: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> UInt8 {
        try narrowed(oid, bytes)
    }

    public static func readArray(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        guard oid == TypeOID.bytea else { throw Unreadable(oid, as: [UInt8].self) }
        return [UInt8](bytes)
    }
}
