/// One of the installation's keys: 32 bytes and the number by which a sealed value names it; never printed.
public struct InstallationKey: Sendable {
    public let id: UInt8
    let bytes: [UInt8]

    /// Takes exactly 32 bytes; `nil` for any other count.
    public init?(id: UInt8, bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.id = id
        self.bytes = bytes
    }
}

extension InstallationKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "InstallationKey(\(id), hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
