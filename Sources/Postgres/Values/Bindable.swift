/// A Swift value that can be bound to a parameter of a statement.
///
/// An enumeration or struct with a bindable raw value needs no more than the conformance.
public protocol Bindable: Sendable {
    /// The PostgreSQL type; it types the NULL that a missing optional becomes.
    static var postgresOID: UInt32 { get }
    /// The value in binary form.
    var postgresValue: Value { get }
}

/// A bindable value that can also be an element of a bound array.
public protocol ArrayBindable: Bindable {
    /// The PostgreSQL type of an array of these.
    static var postgresArrayOID: UInt32 { get }
    /// Appends the binary form, without its length.
    func appendBytes(to bytes: inout [UInt8])
    /// Appends the binary form as an array element: length first, -1 for NULL.
    func appendElement(to bytes: inout [UInt8])
    /// The parameter that an array of these becomes.
    static func arrayValue(of elements: [Self]) -> Value
}

extension Bindable {
    public static var postgresOID: UInt32 { TypeOID.inferred }
}

extension ArrayBindable {
    public var postgresValue: Value {
        var bytes: [UInt8] = []
        appendBytes(to: &bytes)
        return Value(oid: Self.postgresOID, bytes: bytes)
    }

    public func appendElement(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.appendBigEndian(Int32(0))
        appendBytes(to: &bytes)
        bytes.overwriteBigEndian(Int32(bytes.count - start - 4), at: start)
    }

    public static func arrayValue(of elements: [Self]) -> Value {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + elements.count * 12)
        bytes.appendBigEndian(Int32(elements.isEmpty ? 0 : 1))
        // The null flag is a hint the server does not trust; 1 is right for both.
        bytes.appendBigEndian(Int32(1))
        bytes.appendBigEndian(Self.postgresOID)
        if !elements.isEmpty {
            bytes.appendBigEndian(Int32(elements.count))
            bytes.appendBigEndian(Int32(1))
            for element in elements { element.appendElement(to: &bytes) }
        }
        return Value(oid: postgresArrayOID, bytes: bytes)
    }
}

extension Bindable where Self: RawRepresentable, RawValue: Bindable {
    public static var postgresOID: UInt32 { RawValue.postgresOID }
    public var postgresValue: Value { rawValue.postgresValue }
}

extension ArrayBindable where Self: RawRepresentable, RawValue: ArrayBindable {
    public static var postgresOID: UInt32 { RawValue.postgresOID }
    public static var postgresArrayOID: UInt32 { RawValue.postgresArrayOID }
    public var postgresValue: Value { rawValue.postgresValue }
    public func appendBytes(to bytes: inout [UInt8]) { rawValue.appendBytes(to: &bytes) }
}
