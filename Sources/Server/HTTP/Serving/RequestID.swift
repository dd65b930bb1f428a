internal import HTTPTypes
internal import Primitives

/// The name of a request in answer and log: the caller's own where it is a sane one, else ours.
enum RequestID {
    /// `^[A-Za-z0-9._-]{1,64}$`: nothing that could break a log line or a header.
    static func isSane(_ text: String) -> Bool {
        let letters = text.utf8
        guard (1...64).contains(letters.count) else { return false }
        return letters.allSatisfy { KeyAlphabet.urlSafe.contains($0) || $0 == UInt8(ascii: ".") }
    }

    static func of(_ headers: HTTPFields, _ ids: any IdentifierSource, at now: Instant) -> String {
        if let given = headers[.requestID], isSane(given) { return given }
        return ids.next(at: now, of: RequestSubject.self).bits.hexString
    }

    private enum RequestSubject {}
}
