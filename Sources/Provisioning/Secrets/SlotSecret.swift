/// What authenticates at a gateway beside the username; never printed, logged or reflected.
public struct SlotSecret: Sendable, Hashable {
    public let password: String
    /// A version-4 UUID in lower case.
    public let vlessUUID: String
    /// 16 bytes in base 64, as 2022-blake3-aes-128-gcm wants its key.
    public let shadowsocksKey: String

    public init(password: String, vlessUUID: String, shadowsocksKey: String) {
        self.password = password
        self.vlessUUID = vlessUUID
        self.shadowsocksKey = shadowsocksKey
    }
}

extension SlotSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SlotSecret(hidden)" }
    public var debugDescription: String { description }
    // `dump` and the failure messages of tests walk the mirror, not the description.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SlotSecret {
    /// The plain form that gets sealed: a format byte, then each part behind its length.
    var plainBytes: [UInt8] {
        var bytes: [UInt8] = [1]
        for part in [password, vlessUUID, shadowsocksKey] {
            let text = Array(part.utf8)
            precondition(text.count < 256, "a part of a secret is longer than its length byte can say")
            bytes.append(UInt8(text.count))
            bytes += text
        }
        return bytes
    }

    /// Reads the plain form; `nil` for anything else.
    init?(plainBytes: [UInt8]) {
        guard plainBytes.first == 1 else { return nil }
        var rest = plainBytes.dropFirst()
        var parts: [String] = []
        while let length = rest.popFirst() {
            guard rest.count >= Int(length) else { return nil }
            parts.append(String(decoding: rest.prefix(Int(length)), as: UTF8.self))
            rest = rest.dropFirst(Int(length))
        }
        guard parts.count == 3 else { return nil }
        self.init(password: parts[0], vlessUUID: parts[1], shadowsocksKey: parts[2])
    }
}
