extension Int64: Readable {
    /// Reads any integer type, and the whole `numeric` that `sum(bigint)` answers with.
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Int64 {
        switch (oid, bytes.count) {
        case (TypeOID.int8, 8): Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        case (TypeOID.int4, 4): Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case (TypeOID.int2, 2): Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        case (TypeOID.oid, 4): Int64(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        case (TypeOID.numeric, 8...): try WholeNumeric.read(bytes)
        default: throw Unreadable(oid, as: Int64.self)
        }
    }
}

extension FixedWidthInteger {
    static func narrowed(_ oid: UInt32, _ bytes: UnsafeRawBufferPointer) throws -> Self {
        guard let value = Self(exactly: try Int64.read(oid: oid, bytes: bytes)) else {
            throw Unreadable("the number does not fit \(Self.self)")
        }
        return value
    }
}

extension Int: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Int {
        Int(try Int64.read(oid: oid, bytes: bytes))
    }
}

extension Int32: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Int32 {
        try narrowed(oid, bytes)
    }
}

extension Int16: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Int16 {
        try narrowed(oid, bytes)
    }
}

extension Bool: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Bool {
        guard oid == TypeOID.bool, bytes.count == 1 else { throw Unreadable(oid, as: Bool.self) }
        return bytes[0] != 0
    }
}

extension Double: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Double {
        switch (oid, bytes.count) {
        case (TypeOID.float8, 8): Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
        case (TypeOID.float4, 4):
            Double(Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
        default: throw Unreadable(oid, as: Double.self)
        }
    }
}

extension String: Readable {
    /// Reads every type whose binary form is its text, enumerations included, and `jsonb` as JSON text.
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> String {
        switch oid {
        case TypeOID.text, TypeOID.varchar, TypeOID.bpchar, TypeOID.name, TypeOID.char, TypeOID.unknown,
            TypeOID.json, TypeOID.void, TypeOID.firstUserDefined...:
            String(decoding: bytes, as: UTF8.self)
        case TypeOID.jsonb where bytes.first == 1: String(decoding: bytes.dropFirst(), as: UTF8.self)
        default: throw Unreadable(oid, as: String.self)
        }
    }
}
