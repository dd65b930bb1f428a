/// The name of a vendor's API that plans are sold in; an open set, because the catalogue knows no vendor.
public struct DialectName: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static func < (left: DialectName, right: DialectName) -> Bool { left.rawValue < right.rawValue }
    public var description: String { rawValue }
}
