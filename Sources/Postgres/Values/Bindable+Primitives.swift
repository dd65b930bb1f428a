public import Primitives

extension Instant: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.timestamptz }
    public static var postgresArrayOID: UInt32 { TypeOID.timestamptzArray }

    public func appendBytes(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(PostgresTimestamp.microseconds(for: self))
    }
}

extension IdentifierBits: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.uuid }
    public static var postgresArrayOID: UInt32 { TypeOID.uuidArray }

    public func appendBytes(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(high)
        bytes.appendBigEndian(low)
    }
}

extension Identifier: Bindable {
    public static var postgresOID: UInt32 { TypeOID.uuid }
}

extension Identifier: ArrayBindable {
    public static var postgresArrayOID: UInt32 { TypeOID.uuidArray }
    public func appendBytes(to bytes: inout [UInt8]) { bits.appendBytes(to: &bytes) }
}

extension TenantID: ArrayBindable {
    public static var postgresOID: UInt32 { TypeOID.int8 }
    public static var postgresArrayOID: UInt32 { TypeOID.int8Array }
    public func appendBytes(to bytes: inout [UInt8]) { bytes.appendBigEndian(number) }
}
