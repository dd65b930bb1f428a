internal import Primitives

extension AccountAPI {
    /// Which page of a list is asked for.
    struct Paging {
        let limit: Int
        private let cursor: String?

        static let usual = 50
        static let most = 200

        init(_ request: DialectRequest) throws(Problem) {
            let query = FormQuery(request.query ?? "")
            switch query["limit"] {
            case .never: limit = Self.usual
            case .once(let text):
                guard text.utf8.count <= 3, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                    let count = Int(text), (1...Self.most).contains(count)
                else { throw Problem(.invalidLimit) }
                limit = count
            case .unclear: throw Problem(.invalidLimit)
            }
            switch query["cursor"] {
            case .never: cursor = nil
            case .once(let text): cursor = text
            case .unclear: throw Problem(.invalidCursor)
            }
        }

        /// The id that the page before ended with.
        func identifier<Subject>() throws(Problem) -> Identifier<Subject>? {
            guard let cursor else { return nil }
            guard let bits = IdentifierBits(uuidString: cursor) else { throw Problem(.invalidCursor) }
            return Identifier(bits: bits)
        }

        /// The place in the statement that the page before ended with.
        func sequence() throws(Problem) -> Int64? {
            guard let cursor else { return nil }
            guard let sequence = Int64(cursor), sequence > 0 else { throw Problem(.invalidCursor) }
            return sequence
        }
    }

    /// `{"items": […], "next_cursor": …}`.
    static func page<Cursor>(_ page: Page<JSON, Cursor>, _ spell: (Cursor) -> String) -> JSON {
        ["items": .array(page.items), "next_cursor": page.next.map { .string(spell($0)) } ?? .null]
    }
}
