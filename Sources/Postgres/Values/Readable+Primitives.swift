public import Primitives

extension Instant: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Instant {
        guard oid == TypeOID.timestamptz, bytes.count == 8 else { throw Unreadable(oid, as: Instant.self) }
        let microseconds = Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        return try PostgresTimestamp.instant(forMicroseconds: microseconds)
    }
}

extension IdentifierBits: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> IdentifierBits {
        guard oid == TypeOID.uuid, bytes.count == 16 else { throw Unreadable(oid, as: IdentifierBits.self) }
        return IdentifierBits(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }
}

extension Identifier: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Identifier {
        Identifier(bits: try IdentifierBits.read(oid: oid, bytes: bytes))
    }
}

extension TenantID: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> TenantID {
        TenantID(try Int64.read(oid: oid, bytes: bytes))
    }
}
