/// Walks the elements of an array in binary format: dimensions, flags, element type, then length and bytes
/// each.
struct ArrayReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private(set) var elementOID: UInt32 = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The number of elements; nothing but an empty or one-dimensional array is read.
    mutating func header() throws -> Int {
        let dimensions = try integer()
        _ = try integer()
        elementOID = UInt32(bitPattern: try integer())
        if dimensions == 0 { return 0 }
        guard dimensions == 1 else { throw Unreadable("an array of \(dimensions) dimensions is not read") }
        let count = try integer()
        _ = try integer()
        guard count >= 0 else { throw Unreadable("an array cannot have \(count) elements") }
        return Int(count)
    }

    /// The bytes of the next element, or nil when it is NULL.
    mutating func next() throws -> UnsafeRawBufferPointer? {
        let length = Int(try integer())
        if length < 0 { return nil }
        guard offset + length <= bytes.count else { throw Unreadable("the array is shorter than it says") }
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
    }

    private mutating func integer() throws -> Int32 {
        guard offset + 4 <= bytes.count else { throw Unreadable("the array is shorter than it says") }
        defer { offset += 4 }
        return Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
    }
}
