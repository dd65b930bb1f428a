extension Bool: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.bool }
    public static var postgresArrayOID: UInt32 { TypeOID.boolArray }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
}

extension Int16: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.int2 }
    public static var postgresArrayOID: UInt32 { TypeOID.int2Array }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension Int32: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.int4 }
    public static var postgresArrayOID: UInt32 { TypeOID.int4Array }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension Int64: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.int8 }
    public static var postgresArrayOID: UInt32 { TypeOID.int8Array }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension Int: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.int8 }
    public static var postgresArrayOID: UInt32 { TypeOID.int8Array }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.appendBigEndian(Int64(self)) }
}

extension Double: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.float8 }
    public static var postgresArrayOID: UInt32 { TypeOID.float8Array }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.appendBigEndian(bitPattern) }
}

extension String: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.text }
    public static var postgresArrayOID: UInt32 { TypeOID.textArray }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
}
