internal import Foundation
public import Primitives

/// Makes credentials from random bytes; all of them are safe in the user part of a URL.
public struct CredentialGenerator: Sendable {
    private let random: any RandomSource

    public init(random: any RandomSource) {
        self.random = random
    }

    /// `u_` and eight lower-case letters or digits: 2.8 × 10¹² names for one gateway's few thousand slots.
    public func username() -> String {
        "u_" + alphanumeric(8)
    }

    /// A new password, UUID and key, none of them ever used before.
    public func secret() -> SlotSecret {
        SlotSecret(password: "p_" + alphanumeric(16), vlessUUID: uuid(), shadowsocksKey: shadowsocksKey())
    }

    private func alphanumeric(_ count: Int) -> String {
        var text: [UInt8] = []
        while text.count < count {
            // 252 is the last multiple of 36 below 256: beyond it some letters would come more often.
            for byte in random.bytes(count) where byte < 252 && text.count < count {
                text.append(Self.alphabet[Int(byte % 36)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func uuid() -> String {
        var bytes = random.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(Self.hex[Int(byte >> 4)])
            text.append(Self.hex[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func shadowsocksKey() -> String {
        Data(random.bytes(16)).base64EncodedString()
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let hex = Array("0123456789abcdef".utf8)
}
