internal import Primitives

// Queries are read name by name in the order in which the vendor lists them; names that nobody asked for are passed over.

extension FormQuery {
    init(_ request: DialectRequest) {
        self.init(request.query ?? "")
    }

    /// The text under a name; `nil` where it is left out.
    ///
    /// - Throws: `problem` where it is sent twice or in a broken encoding.
    private func text(_ name: String, _ problem: OPProxy.Problem) throws(OPProxy.Problem) -> String? {
        switch self[name] {
        case .never: nil
        case .once(let text): text
        case .unclear: throw problem
        }
    }

    func type() throws(OPProxy.Problem) -> OPProxy.ServiceType? {
        guard let text = try text("type", .invalidType) else { return nil }
        guard let type = OPProxy.ServiceType(rawValue: text) else { throw .invalidType }
        return type
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, default word: Word
    ) throws(OPProxy.Problem) -> Word where Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        let problem = OPProxy.Problem.invalid(name, "one of \(words)")
        guard let text = try text(name, problem) else { return word }
        guard let word = Word(rawValue: text) else { throw problem }
        return word
    }

    func flag(_ name: String, default value: Bool) throws(OPProxy.Problem) -> Bool {
        switch try text(name, .invalid(name, "true or false")) {
        case nil: value
        case "true": true
        case "false": false
        default: throw .invalid(name, "true or false")
        }
    }

    /// How many rows a page holds: never silently fewer than were asked for.
    func limit(default count: Int, max: Int) throws(OPProxy.Problem) -> Int {
        let problem = OPProxy.Problem.invalid("limit", "a whole number from 1 to \(max)")
        guard let text = try text("limit", problem) else { return count }
        guard text.utf8.count <= 4, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let limit = Int(text), (1...max).contains(limit)
        else { throw problem }
        return limit
    }

    /// The id in a cursor.
    func cursor(_ problem: OPProxy.Problem) throws(OPProxy.Problem) -> IdentifierBits? {
        guard let text = try text("cursor", problem) else { return nil }
        guard let bits = IdentifierBits(hexString: text) else { throw problem }
        return bits
    }

    /// A point in time; the plus sign of a zone may have become a space on its way.
    func instant(_ name: String) throws(OPProxy.Problem) -> Instant? {
        let problem = OPProxy.Problem.invalid(name, "an ISO 8601 timestamp with a zone")
        guard let text = try text(name, problem) else { return nil }
        guard let instant = Instant(rfc3339: text.replacing(" ", with: "+")) else { throw problem }
        return instant
    }

    /// A gateway's country: a word of the form that all countries have, in lower case.
    func country() throws(OPProxy.Problem) -> String? {
        guard let text = try text("country", .invalidCountry) else { return nil }
        guard let word = OPProxy.word(text) else { throw .invalidCountry }
        return word
    }

    /// The Idempotency-Key that is asked about.
    func key() throws(OPProxy.Problem) -> IdempotencyKey {
        let problem = OPProxy.Problem.invalid("key", "1-255 printable ASCII characters")
        guard let text = try text("key", problem) else { throw .missing("key") }
        guard let key = IdempotencyKey(text) else { throw problem }
        return key
    }
}

extension OPProxy {
    /// A country or a rotation as this dialect spells them: 2 to 32 letters and digits, in either case.
    static func word(_ text: String) -> String? {
        guard (2...32).contains(text.utf8.count), text.utf8.allSatisfy(isAlphanumeric) else { return nil }
        return text.lowercased()
    }
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}
