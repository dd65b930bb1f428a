internal import Crypto
internal import Foundation
public import Primitives

/// Seals bytes with AES-256-GCM under keys derived from the installation's keys.
///
/// A sealed value is one byte of key id, 12 of nonce, the ciphertext and 16 of tag. The newest key seals and every key
/// of the list opens, so the installation key can be replaced while old values remain readable.
public struct Seal: Sendable {
    /// The id of the key that seals.
    public let newest: UInt8
    private let keys: [UInt8: SymmetricKey]

    /// Takes the newest key first.
    public init(_ newest: InstallationKey, formerly former: [InstallationKey] = []) {
        self.newest = newest.id
        var keys: [UInt8: SymmetricKey] = [:]
        for key in [newest] + former {
            precondition(keys[key.id] == nil, "two installation keys carry the id \(key.id)")
            keys[key.id] = Self.derived(from: key)
        }
        self.keys = keys
    }

    public init(_ keys: InstallationKeys) {
        self.init(keys.newest, formerly: keys.former)
    }

    /// What was sealed under an older key, sealed under the newest; `nil` where it is already.
    public func renewed(_ sealed: [UInt8], context: SealContext) throws(SealError) -> [UInt8]? {
        guard sealed.first != newest else { return nil }
        return seal(try open(sealed, context: context), context: context)
    }

    /// Seals bytes so that they open only in the same context.
    public func seal(_ bytes: [UInt8], context: SealContext) -> [UInt8] {
        guard let key = keys[newest],
            let box = try? AES.GCM.seal(
                bytes, using: key, authenticating: context.authenticated(keyID: newest)),
            let combined = box.combined
        else { preconditionFailure("AES-GCM seals anything under a key of 32 bytes") }
        return [newest] + combined
    }

    /// Opens what `seal` made in this context, under whichever key it names.
    public func open(_ sealed: [UInt8], context: SealContext) throws(SealError) -> [UInt8] {
        guard let keyID = sealed.first, sealed.count >= 1 + 12 + 16 else { throw .malformed }
        guard let key = keys[keyID] else { throw .unknownKey(keyID) }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst())
            return [UInt8](
                try AES.GCM.open(box, using: key, authenticating: context.authenticated(keyID: keyID)))
        } catch {
            throw .tampered
        }
    }

    private static func derived(from key: InstallationKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), info: Data("tollgate seal v1".utf8),
            outputByteCount: 32
        )
    }
}

/// Where a sealed value belongs; the same bytes moved to another tenant, column, row or version do not open.
public struct SealContext: Sendable, Hashable {
    public var tenant: TenantID
    /// `table.column`.
    public var column: String
    /// The row, in any spelling that is its own.
    public var subject: String
    public var version: Int64

    public init(tenant: TenantID, column: String, subject: String, version: Int64 = 0) {
        self.tenant = tenant
        self.column = column
        self.subject = subject
        self.version = version
    }

    // Each part stands behind its length, so that no two contexts are the same bytes.
    fileprivate func authenticated(keyID: UInt8) -> [UInt8] {
        var bytes: [UInt8] = [keyID]
        for part in [String(tenant.number), column, subject, String(version)] {
            let text = Array(part.utf8)
            withUnsafeBytes(of: UInt32(text.count).bigEndian) { bytes += $0 }
            bytes += text
        }
        return bytes
    }
}

/// Why a sealed value does not open.
public enum SealError: Error, Sendable, Hashable {
    /// Too short to be a sealed value.
    case malformed
    /// Sealed under a key that this installation was not given.
    case unknownKey(UInt8)
    /// Changed, or sealed for another place.
    case tampered
}
