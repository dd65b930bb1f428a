internal import Primitives

/// What the log shows of texts that a caller has chosen: nothing that could be a key, a token or a password.
///
/// People paste secrets into the wrong place. A parameter of a path is shown where it has the shape of an id, and a
/// caller's own request id where it has not the shape of a key; the query is never looked at.
enum LoggedPath {
    static let hidden = "…"

    /// The path that a route was found for, with every parameter that is no id hidden.
    static func of(_ path: String, _ pattern: String) -> String {
        let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
        let given = path.split(separator: "/", omittingEmptySubsequences: false)
        guard wanted.count == given.count else { return pattern }
        return zip(wanted, given).map { wanted, given in
            guard wanted.first == "{" else { return given }
            return isID(given) ? given : Self.hidden[...]
        }.joined(separator: "/")
    }

    /// A caller's name for a request, or ours.
    ///
    /// Every vendor's keys have an underscore and every session's token has dots; neither is part of an id.
    static func requestID(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { KeyAlphabet.urlSafe.contains($0) && $0 != UInt8(ascii: "_") }
        return isPlain && !text.isEmpty ? text : hidden
    }

    /// An id in one of its spellings (design §3), or the number of a row. A check value tells a UUID, a ULID and 24
    /// digits of base 36 from anything made up; 24 hex digits have none, but begin with a time.
    static func isID(_ text: Substring) -> Bool {
        let text = String(text)
        switch text.utf8.count {
        case 1...10: return text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        case 24:
            if IdentifierBits(base36String: text) != nil { return true }
            return IdentifierBits(hexString: text).map { (2020...2100).contains(year(of: $0)) } ?? false
        case 36: return IdentifierBits(uuidString: text) != nil
        default:
            // `prefix_` and a ULID.
            let ulid = text.split(separator: "_").last.map(String.init) ?? text
            return text.utf8.count <= 36 && IdentifierBits(ulidString: ulid) != nil
        }
    }

    private static func year(of bits: IdentifierBits) -> Int {
        CivilDate(of: Instant(milliseconds: Int64(bits.milliseconds)))?.year ?? 0
    }
}
