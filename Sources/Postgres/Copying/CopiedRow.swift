public import Primitives

/// A row of `COPY … TO STDOUT (FORMAT binary)`, read in place; valid only while it is being handed on.
///
/// Values are of the type that the statement gave the column: who reads a `bigint` from a `text` traps or reads nonsense.
public struct CopiedRow {
    let bytes: UnsafeRawBufferPointer
    let fields: UnsafeBufferPointer<CopiedField>

    public func isNull(_ column: Int) -> Bool { fields[column].length < 0 }

    /// The bytes as they came: the UTF-8 of a `text`, the 16 bytes of a `uuid`; `nil` for NULL.
    @inline(__always)
    public func raw(_ column: Int) -> UnsafeRawBufferPointer? {
        let field = fields[column]
        guard field.length >= 0 else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[field.start..<field.start + field.length])
    }

    /// A `smallint`, `integer` or `bigint`; `nil` for NULL.
    @inline(__always)
    public func integer(_ column: Int) -> Int64? {
        guard let raw = raw(column) else { return nil }
        switch raw.count {
        case 8: return Int64(bigEndian: raw.loadUnaligned(as: Int64.self))
        case 4: return Int64(Int32(bigEndian: raw.loadUnaligned(as: Int32.self)))
        case 2: return Int64(Int16(bigEndian: raw.loadUnaligned(as: Int16.self)))
        default: preconditionFailure("a whole number has 2, 4 or 8 bytes")
        }
    }

    /// A `boolean`; `nil` for NULL.
    public func flag(_ column: Int) -> Bool? { raw(column).map { $0[0] != 0 } }

    /// A `timestamptz`; `nil` for NULL. Throws `Unreadable` for an infinite one.
    public func instant(_ column: Int) throws -> Instant? {
        try integer(column).map(PostgresTimestamp.instant(forMicroseconds:))
    }

    /// A `text`; `nil` for NULL.
    public func text(_ column: Int) -> String? { raw(column).map { String(decoding: $0, as: UTF8.self) } }
}

/// Where a field lies in its row; below zero is the length of NULL.
struct CopiedField {
    var start: Int
    var length: Int
}

extension Connection {
    /// Runs `COPY … TO STDOUT (FORMAT binary)` and hands on row after row; answers how many.
    ///
    /// Where `row` throws, the statement is cancelled and drained, and the connection can be used again.
    ///
    /// - Parameter columns: how many columns the statement gives.
    @discardableResult
    public func copyRows(
        _ statement: String, columns: Int, file: StaticString = #fileID, line: UInt = #line,
        _ row: (CopiedRow) throws -> Void
    ) throws -> Int {
        let fields = UnsafeMutableBufferPointer<CopiedField>.allocate(capacity: columns)
        defer { fields.deallocate() }
        var isFirst = true
        return try copyOut(statement, file: file, line: line) { message in
            // What begins the whole stands in front of the first row, and what ends it in a message of its own.
            var reader = BinaryCopyReader(message)
            if isFirst {
                try reader.skipHeader()
                isFirst = false
            }
            guard try reader.row(into: fields) else { return }
            try row(CopiedRow(bytes: message, fields: UnsafeBufferPointer(fields)))
        }
    }
}

/// Walks over one message of a binary COPY.
private struct BinaryCopyReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// `PGCOPY\n\377\r\n\0`, flags, and an extension of a length that is said.
    mutating func skipHeader() throws {
        guard bytes.count >= 19, bytes.prefix(6).elementsEqual("PGCOPY".utf8) else {
            throw Unreadable("this is no binary COPY")
        }
        position = 15
        let more = try next(Int32.self)
        position += Int(more)
    }

    /// False where the data have come to their end.
    @inline(__always)
    mutating func row(into fields: UnsafeMutableBufferPointer<CopiedField>) throws -> Bool {
        let count = try next(Int16.self)
        if count == -1 { return false }
        guard Int(count) == fields.count else {
            throw Unreadable("a COPY gave \(count) columns where \(fields.count) were meant")
        }
        for column in 0..<fields.count {
            let length = Int(try next(Int32.self))
            fields[column] = CopiedField(start: position, length: length)
            guard length > 0 else { continue }
            position += length
            guard position <= bytes.count else { throw Unreadable("a row of a COPY was cut short") }
        }
        return true
    }

    @inline(__always)
    private mutating func next<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let size = MemoryLayout<Number>.size
        guard position + size <= bytes.count else { throw Unreadable("a row of a COPY was cut short") }
        defer { position += size }
        return Number(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
    }
}
