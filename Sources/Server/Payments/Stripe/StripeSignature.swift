internal import Crypto
internal import Foundation
internal import Primitives

/// The header `Stripe-Signature`: `t=` seconds, and `v1=` HMAC-SHA256 in hex over `t.body`, once for each secret that is good.
struct StripeSignature: Sendable {
    let seconds: Int64
    let signatures: [[UInt8]]

    /// How far the signature's time may be from ours, in ms, either way.
    static let toleranceMilliseconds: Int64 = 300_000

    /// Reads the header; schemes that are not `v1` are passed over, as Stripe asks for.
    init?(_ header: String) {
        var seconds: Int64?
        var signatures: [[UInt8]] = []
        for part in header.split(separator: ",").prefix(32) {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            switch pair[0].trimmingCharacters(in: .whitespaces) {
            case "t":
                guard seconds == nil, let value = Int64(pair[1]), value > 0, value < 1 << 40 else {
                    return nil
                }
                seconds = value
            case "v1":
                if let bytes = Self.bytes(hex: pair[1]) { signatures.append(bytes) }
            default: break
            }
        }
        guard let seconds, !signatures.isEmpty else { return nil }
        self.seconds = seconds
        self.signatures = signatures
    }

    /// Makes sure that one of the secrets has signed these very bytes, a short while ago.
    func verify(
        _ body: [UInt8], with secrets: [Secret<String>], at now: Instant
    ) throws(MessageRefusal) {
        var isGood = false
        for secret in secrets {
            let key = SymmetricKey(data: Data(secret.reveal().utf8))
            let signed = Data("\(seconds).".utf8) + Data(body)
            // Compares in constant time; all are compared, so that nobody learns which came close.
            for signature in signatures
            where HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: key) {
                isGood = true
            }
        }
        guard isGood else { throw .notSigned }
        guard abs(now.milliseconds - seconds * 1_000) <= Self.toleranceMilliseconds else { throw .outOfTime }
    }

    /// What signs a body: for tests and for those who repeat a message by hand.
    static func header(_ body: [UInt8], secrets: [String], at seconds: Int64) -> String {
        let signatures = secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("\(seconds).".utf8) + Data(body), using: SymmetricKey(data: Data(secret.utf8)))
            return "v1=" + code.map { String(format: "%02x", $0) }.joined()
        }
        return (["t=\(seconds)"] + signatures).joined(separator: ",")
    }

    private static func bytes(hex text: Substring) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
