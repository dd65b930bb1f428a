public import Primitives

/// What an authenticator app and we share: 20 random bytes (RFC 4226 §4, R6), from which both make the same codes.
public struct OneTimeSecret: Sendable, Hashable, CustomStringConvertible {
    let bytes: [UInt8]

    /// As many as the hash has, which RFC 4226 recommends.
    static let length = 20

    /// A secret that was stored; `nil` where it has another length.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// A new secret.
    public init(_ random: any RandomSource) {
        bytes = random.bytes(Self.length)
    }

    /// The bytes, for sealing.
    public func reveal() -> [UInt8] { bytes }

    /// What a person types who cannot scan: 32 characters of base 32.
    public func spelling() -> String { Base32.encode(bytes) }

    /// What a QR code says to an authenticator app.
    ///
    /// - Parameters:
    ///   - issuer: whose codes these are; the app shows it.
    ///   - person: whom they are for, an e-mail address as a rule.
    public func uri(issuer: String, person: String) -> String {
        let (issuer, person) = (Self.escaped(issuer), Self.escaped(person))
        return "otpauth://totp/\(issuer):\(person)?secret=\(spelling())&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(OneTimeCode.digits)&period=\(OneTimeStep.seconds)"
    }

    /// Not the secret: whatever prints it must not have it.
    public var description: String { "(a one-time code's secret)" }

    /// RFC 3986 §2.3: everything but unreserved characters, as UTF-8 in percent signs.
    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isUnreserved =
                KeyAlphabet.urlSafe.contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~")
            return isUnreserved
                ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte]).uppercased()
        }.joined()
    }
}

extension OneTimeSecret: CustomDebugStringConvertible, CustomReflectable {
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
