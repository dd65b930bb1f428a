internal import Primitives

/// An IPv4 address in its one canonical dotted form; nothing else is one (no `01.2.3.4`, no `1.2.3`, no prefix).
public struct SourceAddress: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    /// `nil` for anything that is not written as this type writes it.
    public init?(rawValue: String) {
        // What is left without a colon, and has no leading zeros, has one form.
        guard !rawValue.utf8.contains(UInt8(ascii: ":")), NetworkAddress(rawValue)?.isIPv4 == true else {
            return nil
        }
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
}

/// What a customer calls an address: 1–80 characters, none of them a control character.
public struct SourceLabel: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    public init?(rawValue: String) {
        // Counted as PostgreSQL counts them.
        let characters = rawValue.unicodeScalars
        guard (1...80).contains(characters.count),
            !characters.contains(where: { $0.value < 32 || $0.value == 127 })
        else { return nil }
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
}

/// An address that may connect to a subscription's ports without its login.
public struct AllowedSource: Sendable, Hashable {
    public var address: SourceAddress
    public var label: SourceLabel?

    public init(_ address: SourceAddress, label: SourceLabel? = nil) {
        self.address = address
        self.label = label
    }
}
