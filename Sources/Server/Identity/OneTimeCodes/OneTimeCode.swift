internal import Crypto
public import Primitives

/// Six decimal digits that are good for some seconds (RFC 6238 with HMAC-SHA-1, what every authenticator app speaks).
public struct OneTimeCode: Sendable, Hashable {
    /// Below 1,000,000.
    let number: UInt32

    static let digits = 6
    private static let bound: UInt32 = 1_000_000

    /// Reads six digits, also as two groups of three; `nil` for anything else.
    public init?(_ text: String) {
        let letters = Array(text.utf8.filter { $0 != UInt8(ascii: " ") })
        guard letters.count == Self.digits, text.utf8.count <= Self.digits + 2 else { return nil }
        var number: UInt32 = 0
        for letter in letters {
            guard letter >= UInt8(ascii: "0"), letter <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + UInt32(letter - UInt8(ascii: "0"))
        }
        self.number = number
    }

    /// The code of a step (RFC 4226 §5.3).
    init(of secret: OneTimeSecret, at step: OneTimeStep) {
        let counter = stride(from: 56, through: 0, by: -8)
            .map { UInt8(truncatingIfNeeded: step.number >> Int64($0)) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret.bytes)))
        let offset = Int(mac[mac.count - 1] & 15)
        let word = mac[offset..<offset + 4].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        number = (word & 0x7FFF_FFFF) % Self.bound
    }

    /// Six digits.
    public var text: String {
        let digits = String(number)
        return String(repeating: "0", count: Self.digits - digits.count) + digits
    }
}

/// Which half minute since 1970 it is: what a code is made of besides its secret.
public struct OneTimeStep: Sendable, Hashable, Comparable {
    public let number: Int64

    static let seconds: Int64 = 30

    /// A step that was stored.
    public init(number: Int64) {
        self.number = number
    }

    public init(at now: Instant) {
        let milliseconds = Self.seconds * 1_000
        let (quotient, remainder) = now.milliseconds.quotientAndRemainder(dividingBy: milliseconds)
        number = remainder < 0 ? quotient - 1 : quotient
    }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
