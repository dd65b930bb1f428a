public import Primitives

/// What opens an account once when the authenticator is lost: 80 random bits, shown when it is made and kept as a digest.
///
/// Nobody can guess so many bits, so a plain SHA-256 holds them as well as a slow hash would.
public struct RecoveryCode: Sendable, Hashable {
    /// 16 characters of base 32, upper case, without their hyphens.
    private let letters: String

    private static let length = 16
    private static let byteCount = 10
    /// How many a person is given at once.
    public static let batch = 10

    /// Reads what was shown, in any case, with or without hyphens and spaces; `nil` for what was never a code.
    public init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        let letters = text.filter { $0 != "-" && $0 != " " }.uppercased()
        guard letters.utf8.count == Self.length, Base32.decode(letters) != nil else { return nil }
        self.letters = letters
    }

    /// A new code.
    public init(_ random: any RandomSource) {
        letters = Base32.encode(random.bytes(Self.byteCount))
    }

    /// As many as a person is given, all different.
    public static func make(_ random: any RandomSource) -> [RecoveryCode] {
        var codes: [RecoveryCode] = []
        while codes.count < batch {
            let code = RecoveryCode(random)
            if !codes.contains(code) { codes.append(code) }
        }
        return codes
    }

    /// `ABCD-EFGH-IJKL-MNOP`: shown once.
    public func reveal() -> String {
        stride(from: 0, to: Self.length, by: 4)
            .map { letters.dropFirst($0).prefix(4) }.joined(separator: "-")
    }

    /// What is stored in its place: it belongs to one person, so that equal codes of two have different digests.
    public func digest(for subject: String) -> CredentialDigest {
        CredentialDigest(of: "recovery code of \(subject): \(letters)")
    }
}

extension RecoveryCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Not the code: whatever prints it must not have it.
    public var description: String { "(a recovery code)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a person types as their second factor: the app's code, or one of their recovery codes.
public enum SecondFactor: Sendable, Hashable {
    case code(OneTimeCode)
    case recovery(RecoveryCode)

    /// `nil` for a text that can be neither.
    public init?(_ text: String) {
        if let code = OneTimeCode(text) {
            self = .code(code)
        } else if let recovery = RecoveryCode(text) {
            self = .recovery(recovery)
        } else {
            return nil
        }
    }
}
