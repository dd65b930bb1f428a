/// One of the installation's keys: 32 bytes and the number by which a sealed value names it; never printed.
public struct InstallationKey: Sendable {
    public let id: UInt8
    public let bytes: [UInt8]

    /// Takes exactly 32 bytes; `nil` for any other count.
    public init?(id: UInt8, bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.id = id
        self.bytes = bytes
    }
}

/// The installation's keys: the newest seals and signs, all of them open and verify.
///
/// While one replaces another, every process first learns to open with the new one, then seals with it (docs/keys.md).
public struct InstallationKeys: Sendable {
    public let newest: InstallationKey
    public let former: [InstallationKey]

    public var all: [InstallationKey] { [newest] + former }

    /// The newest first; `nil` where there is none, or where two carry one id.
    public init?(_ keys: [InstallationKey]) {
        guard let newest = keys.first, Set(keys.map(\.id)).count == keys.count else { return nil }
        self.newest = newest
        former = Array(keys.dropFirst())
    }
}

extension InstallationKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "InstallationKey(\(id), hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
