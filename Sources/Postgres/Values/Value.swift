/// One bound parameter in PostgreSQL's binary format.
public struct Value: Sendable, Hashable {
    /// The parameter's type, or `TypeOID.inferred`.
    public let oid: UInt32
    /// The binary form, or nil for NULL.
    public let bytes: [UInt8]?

    /// Makes a parameter from bytes that are already in the binary format of the type.
    public init(oid: UInt32, bytes: [UInt8]?) {
        self.oid = oid
        self.bytes = bytes
    }

    /// A NULL of a type.
    public static func null(like oid: UInt32) -> Value {
        Value(oid: oid, bytes: nil)
    }

    /// A NULL of the type that a bindable Swift type has.
    public static func null<T: Bindable>(like type: T.Type) -> Value {
        Value(oid: T.postgresOID, bytes: nil)
    }
}

extension [UInt8] {
    mutating func appendBigEndian<T: FixedWidthInteger>(_ integer: T) {
        Swift.withUnsafeBytes(of: integer.bigEndian) { append(contentsOf: $0) }
    }

    mutating func overwriteBigEndian(_ integer: Int32, at offset: Int) {
        withUnsafeMutableBytes { $0.storeBytes(of: integer.bigEndian, toByteOffset: offset, as: Int32.self) }
    }
}
