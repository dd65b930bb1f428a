internal import Primitives

/// What a list's query asks for: how many, from where on, and which. Names that nobody asked for are refused.
struct AdminQuery: Sendable {
    private let query: FormQuery

    static let limitDefault = 50
    static let limitMax = 200

    /// - Parameters:
    ///   - paging: whether it is a list, which knows `limit` and `cursor` as well.
    ///   - known: the other parameters.
    init(paging: Bool = true, _ call: AdminCall, _ known: String...) throws(AdminProblem) {
        let query = FormQuery(call.request.query ?? "")
        let names = (paging ? ["limit", "cursor"] : []) + known
        guard query.names.allSatisfy({ name in name.map(names.contains) ?? false }) else {
            throw AdminProblem(
                .invalidQuery, "The parameters here are \(names.joined(separator: ", ")).")
        }
        self.query = query
    }

    func text(_ name: String, _ expected: String = "sent once") throws(AdminProblem) -> String? {
        switch query[name] {
        case .never: return nil
        case .once(let text): return text
        case .unclear: throw .invalidQuery(name, expected)
        }
    }

    func limit() throws(AdminProblem) -> Int {
        let expected = "a whole number from 1 to \(Self.limitMax)"
        guard let text = try text("limit", expected) else { return Self.limitDefault }
        guard text.utf8.count <= 3, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let limit = Int(text), (1...Self.limitMax).contains(limit)
        else { throw .invalidQuery("limit", expected) }
        return limit
    }

    /// An id in our spelling.
    func id<Subject>(
        _ name: String, of subject: Subject.Type = Subject.self
    ) throws(AdminProblem) -> Identifier<Subject>? {
        guard let text = try text(name) else { return nil }
        guard let bits = IdentifierBits(uuidString: text) else { throw .invalidQuery(name, "an id") }
        return Identifier(bits: bits)
    }

    /// A point in time; the plus sign of a zone may have become a space on its way.
    func instant(_ name: String) throws(AdminProblem) -> Instant? {
        let expected = "a moment such as 2026-01-31T00:00:00Z"
        guard let text = try text(name, expected) else { return nil }
        guard let instant = Instant(rfc3339: text.replacing(" ", with: "+")) else {
            throw .invalidQuery(name, expected)
        }
        return instant
    }

    func flag(_ name: String) throws(AdminProblem) -> Bool? {
        switch try text(name, "true or false") {
        case nil: return nil
        case "true": return true
        case "false": return false
        case _?: throw .invalidQuery(name, "true or false")
        }
    }

    /// An amount with or without its currency.
    /// - Parameter isSigned: whether it may be nothing, or below zero.
    func amount(_ name: String, isSigned: Bool = false) throws(AdminProblem) -> AmountText? {
        let expected = "an amount such as \"12.50 USD\""
        guard let text = try text(name, expected) else { return nil }
        guard let amount = isSigned ? AmountText(signed: text) : AmountText(text) else {
            throw .invalidQuery(name, expected)
        }
        return amount
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, of kind: Word.Type = Word.self
    ) throws(AdminProblem) -> Word? where Word.RawValue == String {
        let expected = "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))"
        guard let text = try text(name, expected) else { return nil }
        guard let word = Word(rawValue: text) else { throw .invalidQuery(name, expected) }
        return word
    }

    /// Where the page begins, of a list whose places are ids.
    func cursor<Subject>(of subject: Subject.Type = Subject.self) throws(AdminProblem) -> Identifier<Subject>?
    {
        guard let text = try cursor() else { return nil }
        guard let bits = IdentifierBits(uuidString: text) else { throw Self.cursorProblem }
        return Identifier(bits: bits)
    }

    /// The place that a cursor names; to whoever sends it back, it is a word without meaning.
    func cursor() throws(AdminProblem) -> String? {
        guard let text = try text("cursor") else { return nil }
        guard let place = AdminCursor.place(text) else { throw Self.cursorProblem }
        return place
    }

    private static let cursorProblem = AdminProblem.invalidQuery("cursor", "a next_cursor of this list")
}

/// How a place in a list is spelt.
enum AdminCursor {
    static func text(_ place: String) -> String {
        "c" + Hex.encode(place.utf8)
    }

    static func place(_ text: String) -> String? {
        let digits = Array(text.utf8.dropFirst())
        guard text.utf8.first == UInt8(ascii: "c"), digits.count % 2 == 0, digits.count <= 512 else {
            return nil
        }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            let pair = String(decoding: digits[index..<index + 2], as: UTF8.self)
            guard pair.utf8.allSatisfy(KeyAlphabet.hex.contains), let byte = UInt8(pair, radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension Page {
    /// A page as it is shown: the rows under `items`, and where the rest begins.
    func json(_ place: (Cursor) -> String, _ row: (Element) -> JSON) -> JSON {
        [
            "items": .array(items.map(row)),
            "next_cursor": next.map { .string(AdminCursor.text(place($0))) } ?? .null,
        ]
    }
}
