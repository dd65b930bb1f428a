internal import Crypto
internal import Foundation
internal import Primitives

extension Gate {
    /// Makes and reads the tokens of rotate links: the subscription's id and a tag that only this installation can make.
    ///
    /// Nothing is stored: a token is good for as long as its subscription is. The tenant is part of what the tag is made
    /// of, so no token works at another's door.
    struct RotateLinks: Sendable {
        /// One per installation key, with the key taken in already: a copy goes on from there.
        private let codes: [HMAC<SHA256>]

        /// - Parameter installationKeys: 32 bytes each; the first makes tokens, all of them read.
        init(installationKeys: [[UInt8]]) {
            precondition(!installationKeys.isEmpty, "rotate links need an installation key")
            codes = installationKeys.map { key in
                HMAC<SHA256>(
                    key: HKDF<SHA256>.deriveKey(
                        inputKeyMaterial: SymmetricKey(data: key),
                        info: Data("tollgate gate rotate link v1".utf8),
                        outputByteCount: 32))
            }
        }

        /// 24 characters of id and 13 of tag, lower-case base 36.
        func token(for subscription: SubscriptionID, of tenant: TenantID) -> String {
            let id = subscription.bits.base36String
            return id + Self.tag(of: id, tenant, codes[0])
        }

        /// The subscription that a token names; `nil` unless this installation made it for this tenant.
        func subscription(in token: some StringProtocol, of tenant: TenantID) -> SubscriptionID? {
            let letters = Array(token.utf8)
            guard letters.count == 24 + 13 else { return nil }
            let id = String(decoding: letters.prefix(24), as: UTF8.self)
            var isOurs = false
            for code in codes {
                let tag = Array(Self.tag(of: id, tenant, code).utf8)
                if areEqual(tag, Array(letters.suffix(13))) { isOurs = true }
            }
            guard isOurs, let bits = IdentifierBits(base36String: id) else { return nil }
            return SubscriptionID(bits: bits)
        }

        /// The first 64 bits of HMAC-SHA256, as 13 base-36 digits.
        private static func tag(
            of id: String, _ tenant: TenantID, _ keyed: HMAC<SHA256>
        ) -> String {
            var code = keyed
            // The id has a fixed length, so no two pairs are the same bytes.
            code.update(data: Array("\(id)\(tenant.number)".utf8))
            let bits = code.finalize().withUnsafeBytes {
                UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
            }
            let digits = String(bits, radix: 36)
            return String(repeating: "0", count: 13 - digits.utf8.count) + digits
        }
    }
}

/// Compares in a time that does not depend on where the two differ.
private func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (one, other) in zip(left, right) { difference |= one ^ other }
    return difference == 0
}
