internal import Crypto
internal import Primitives

/// A subject in sixteen bytes, the same in every process; no address and no name can be read from it.
struct SubjectKey: Hashable, Sendable {
    let bits: IdentifierBits

    init(bits: IdentifierBits) {
        self.bits = bits
    }

    init(_ subject: RateLimitSubject) {
        switch subject {
        case .principal(let tenant, let id):
            // An id is spread well enough already; the tenant keeps two tenants' apart whatever their ids are.
            let spread = UInt64(bitPattern: tenant.number) &* 0x9E37_79B9_7F4A_7C15
            bits = IdentifierBits(high: id.bits.high ^ spread, low: id.bits.low)
        case .address(let tenant, let text): bits = Self.digest("address|\(tenant.number)|\(text)")
        case .target(let tenant, let text): bits = Self.digest("target|\(tenant.number)|\(text)")
        }
    }

    private static func digest(_ text: String) -> IdentifierBits {
        SHA256.hash(data: Array(text.utf8)).withUnsafeBytes { bytes in
            IdentifierBits(
                high: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self).bigEndian,
                low: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian)
        }
    }
}
