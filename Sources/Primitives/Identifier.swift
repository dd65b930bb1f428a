/// An id of one kind of thing: the subject is a type, so an order's id cannot stand where a plan's is meant.
public struct Identifier<Subject>: Sendable, Hashable, Comparable {
    public var bits: IdentifierBits

    /// Takes the bits as they are: for rows of the database and for ids made here.
    public init(bits: IdentifierBits) {
        self.bits = bits
    }

    public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }

    /// The same bits, meant as the id of another kind: an order's id is also its command's and its entry's.
    public func retyped<Other>(as other: Other.Type = Other.self) -> Identifier<Other> {
        Identifier<Other>(bits: bits)
    }
}

extension Identifier: CustomStringConvertible {
    public var description: String { bits.uuidString }
}
