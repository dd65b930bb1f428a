public import Primitives

/// Seals the secrets of slots, each for its own slot and version.
public struct CredentialSeal: Sendable {
    private let seal: Seal

    public init(_ seal: Seal) {
        self.seal = seal
    }

    /// Seals a slot's secret of this version.
    public func seal(_ secret: SlotSecret, tenant: TenantID, slot: SlotID, version: Int32) -> [UInt8] {
        seal.seal(secret.plainBytes, context: Self.context(tenant, slot, version))
    }

    /// Opens a slot's secret of this version; the bytes of another slot or version are refused as tampered.
    public func open(
        _ sealed: [UInt8], tenant: TenantID, slot: SlotID, version: Int32
    ) throws(SealError) -> SlotSecret {
        let plain = try seal.open(sealed, context: Self.context(tenant, slot, version))
        guard let secret = SlotSecret(plainBytes: plain) else { throw .malformed }
        return secret
    }

    /// A slot's secret of this version under the newest key; `nil` where it is already.
    public func renewed(
        _ sealed: [UInt8], tenant: TenantID, slot: SlotID, version: Int32
    ) throws(SealError) -> [UInt8]? {
        try seal.renewed(sealed, context: Self.context(tenant, slot, version))
    }

    private static func context(_ tenant: TenantID, _ slot: SlotID, _ version: Int32) -> SealContext {
        SealContext(
            tenant: tenant, column: "slots.secret", subject: slot.bits.uuidString, version: Int64(version))
    }
}

extension ClaimedSlot {
    /// The secret in clear.
    public func secret(openedBy seal: CredentialSeal) throws(SealError) -> SlotSecret {
        try seal.open(secret, tenant: tenant, slot: id, version: secretVersion)
    }
}
