/// A Swift value that can be read from a column of a result.
///
/// An enumeration or struct with a readable raw value needs no more than the conformance.
public protocol Readable {
    /// Reads the binary form of a value of the PostgreSQL type with this object id.
    static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Self
    /// Reads an array of these; the default reads the array format and takes no NULL unless `Self` is
    /// optional.
    static func readArray(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> [Self]
    /// What NULL reads as; nil where NULL is an error.
    static var fromNull: Self? { get }
}

/// Why a value could not be read; `Row` adds the column to it.
public struct Unreadable: Error, CustomStringConvertible {
    public let description: String

    /// States the reason, without the value itself.
    public init(_ description: String) {
        self.description = description
    }

    /// The type of the column is not one that the Swift type reads.
    public init<T>(_ oid: UInt32, as type: T.Type) {
        description = "type \(oid) is not read as \(type)"
    }
}

extension Readable {
    public static var fromNull: Self? { nil }

    public static func readArray(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> [Self] {
        var reader = ArrayReader(bytes)
        let count = try reader.header()
        var elements: [Self] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            if let element = try reader.next() {
                elements.append(try read(oid: reader.elementOID, bytes: element))
            } else if let null = fromNull {
                elements.append(null)
            } else {
                throw Unreadable("an array element is NULL, which \(Self.self) does not take")
            }
        }
        return elements
    }
}

extension Readable where Self: RawRepresentable, RawValue: Readable {
    public static func read(oid: UInt32, bytes: UnsafeRawBufferPointer) throws -> Self {
        guard let value = Self(rawValue: try RawValue.read(oid: oid, bytes: bytes)) else {
            throw Unreadable("the stored value is none of \(Self.self)")
        }
        return value
    }
}
