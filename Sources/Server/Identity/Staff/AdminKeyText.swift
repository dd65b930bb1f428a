internal import Crypto
internal import Primitives

/// What an admin key looks like: `tga_`, the number of whose books it opens, 32 random characters and 6 that check them.
///
/// The number tells under which tenant's row-level security a key is looked up; `tga_0_…` is the platform's. With the
/// check, a mistyped or made-up key costs no query, and a scanner for leaked secrets is sure of what it found.
struct AdminKeyText: Sendable, Hashable {
    let scope: StaffScope
    let text: String

    private static let prefix = "tga_"
    private static let randomLength = 32
    private static let checkLength = 6
    private static let alphabet = KeyAlphabet.lowerAlphanumeric

    /// A new key; shown once, kept nowhere.
    init(for scope: StaffScope, _ random: any RandomSource) {
        let form = KeyForm(
            prefix: "\(Self.prefix)\(scope.number)_", lengths: Self.randomLength...Self.randomLength,
            accepted: Self.alphabet, madeLength: Self.randomLength, made: Self.alphabet)
        let body = form.make(random)
        self.scope = scope
        text = body + Self.check(body)
    }

    /// `nil` for a text that was never a key.
    init?(_ text: String) {
        guard text.utf8.count <= 80, text.hasPrefix(Self.prefix) else { return nil }
        let parts = text.dropFirst(Self.prefix.count).split(
            separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int64(parts[0]), number >= 0, String(number) == parts[0],
            parts[1].utf8.count == Self.randomLength + Self.checkLength,
            parts[1].utf8.allSatisfy(Self.alphabet.contains),
            Self.check(text.dropLast(Self.checkLength)) == text.suffix(Self.checkLength)
        else { return nil }
        scope = StaffScope(TenantID(number))
        self.text = text
    }

    var digest: CredentialDigest { CredentialDigest(of: text) }

    /// What may be shown of it.
    var hint: String { "\(Self.prefix)\(scope.number)_…\(text.suffix(4))" }

    private static func check(_ body: some StringProtocol) -> String {
        let letters = alphabet.characters
        let digest = SHA256.hash(data: Array("admin key \(body)".utf8))
        return String(
            decoding: digest.prefix(checkLength).map { letters[Int($0) % letters.count] }, as: UTF8.self)
    }
}

/// An admin key as stored: everything but the key.
struct AdminKey: Sendable, Hashable {
    let scope: StaffScope
    let id: AdminKeyID
    let name: String
    let role: StaffRole
    let hint: String
    /// Where it may be used from; `nil` is anywhere.
    let allowedSources: AllowList?
    let expiresAt: Instant?
    let revokedAt: Instant?
    let createdAt: Instant

    /// Whether it opens anything, now and from there.
    func isGood(at now: Instant, from address: String) -> Bool {
        guard revokedAt == nil, expiresAt.map({ now < $0 }) ?? true else { return false }
        guard let allowedSources else { return true }
        return NetworkAddress(address).map(allowedSources.allows) ?? false
    }

    var actor: StaffActor {
        StaffActor(kind: .key, scope: scope, role: role, id: id.retyped(), name: name)
    }
}
