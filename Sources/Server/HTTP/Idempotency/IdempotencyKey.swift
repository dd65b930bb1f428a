internal import Crypto
public import HTTPTypes
public import Primitives

/// The caller's name for one request: 1–255 printable ASCII characters.
public struct IdempotencyKey: Sendable, Hashable {
    public let text: String

    /// What a request's headers say about it.
    public enum Header: Sendable, Hashable {
        case absent
        case present(IdempotencyKey)
        /// Empty, too long, sent twice, or with a character that is not printable ASCII: the dialect's own
        /// 400.
        case malformed
    }

    /// `nil` unless 1–255 printable ASCII characters, spaces inside included.
    public init?(_ text: String) {
        let letters = text.utf8
        guard (1...255).contains(letters.count), letters.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return nil
        }
        self.text = text
    }

    /// Reads the `Idempotency-Key` header.
    public static func header(of headers: HTTPFields) -> Header {
        guard headers.contains(.idempotencyKey) else { return .absent }
        let values = headers[values: .idempotencyKey]
        guard values.count == 1, let key = IdempotencyKey(values[0]) else { return .malformed }
        return .present(key)
    }
}

/// What a request asks for, whatever its spelling: SHA-256 of the operation's name and the canonical JSON of
/// its body.
public enum RequestFingerprint {
    /// 32 bytes; equal for two bodies that differ only in white space, member order or the spelling of
    /// numbers.
    public static func of(_ operation: String, _ body: JSON) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array(operation.utf8))
        hash.update(data: [0])
        hash.update(data: body.canonical())
        return Array(hash.finalize())
    }
}

extension HTTPField.Name {
    /// The header that names a request, so that repeating it answers the same bytes.
    public static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    /// The header that names a request in answer and log.
    public static let requestID = HTTPField.Name("X-Request-Id")!
}
