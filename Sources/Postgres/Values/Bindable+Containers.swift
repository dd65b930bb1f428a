extension Optional: Bindable where Wrapped: Bindable {
    public static var postgresOID: UInt32 { Wrapped.postgresOID }

    public var postgresValue: Value {
        self?.postgresValue ?? Value(oid: Wrapped.postgresOID, bytes: nil)
    }
}

extension Optional: ArrayBindable where Wrapped: ArrayBindable {
    public static var postgresArrayOID: UInt32 { Wrapped.postgresArrayOID }

    public var postgresValue: Value {
        self?.postgresValue ?? Value(oid: Wrapped.postgresOID, bytes: nil)
    }

    public func appendBytes(to bytes: inout [UInt8]) {
        self?.appendBytes(to: &bytes)
    }

    public func appendElement(to bytes: inout [UInt8]) {
        if let self {
            self.appendElement(to: &bytes)
        } else {
            bytes.appendBigEndian(Int32(-1))
        }
    }
}

extension Array: Bindable where Element: ArrayBindable {
    public static var postgresOID: UInt32 { Element.arrayValue(of: []).oid }
    public var postgresValue: Value { Element.arrayValue(of: self) }
}

/// `[UInt8]` is `bytea`, not an array of small integers, so `[[UInt8]]` is `bytea[]`.
extension UInt8: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.int2 }
    public static var postgresArrayOID: UInt32 { TypeOID.bytea }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.appendBigEndian(Int16(self)) }

    public static func arrayValue(of elements: [UInt8]) -> Value {
        Value(oid: TypeOID.bytea, bytes: elements)
    }
}

extension [UInt8]: ArrayBindable {
    public static var postgresArrayOID: UInt32 { TypeOID.byteaArray }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.append(contentsOf: self) }
}
