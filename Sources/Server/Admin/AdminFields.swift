internal import Catalog
internal import Primitives

/// The members of a request's body: those that its operation knows, and no others.
struct AdminFields: Sendable {
    /// The whole of it, for the request's fingerprint.
    let body: JSON
    let members: JSONObject

    /// - Parameter known: every member that the operation reads; a body may be left out where it reads none.
    init(_ call: AdminCall, _ known: String...) throws(AdminProblem) {
        try self.init(call.request, known)
    }

    init(_ request: DialectRequest, _ known: [String]) throws(AdminProblem) {
        guard JSONBody.isAccepted(request.headers) else { throw AdminProblem(.unsupportedMediaType) }
        if request.body.isEmpty, known.isEmpty {
            try self.init(.object(JSONObject()), known)
            return
        }
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(request.body)
        } catch {
            throw AdminProblem(.invalidJSON)
        }
        try self.init(value, known)
    }

    /// Of a body that was read already.
    init(_ value: JSON, _ known: [String]) throws(AdminProblem) {
        guard let members = value.objectValue else { throw AdminProblem(.invalidJSON) }
        // A misspelt member that were passed over would look as if it had been heeded.
        if let unknown = members.keys.first(where: { !known.contains($0) }) {
            throw AdminProblem(
                .invalidField, "There is no such field here.",
                field: unknown.utf8.count <= 64 ? unknown : "")
        }
        body = value
        self.members = members
    }

    /// Whether the body has the member; `null` counts.
    func has(_ name: String) -> Bool { members[name] != nil }

    /// The member as a text that passes; `nil` where it is left out.
    func text(
        _ name: String, _ expected: String, _ passes: (String) -> Bool = { _ in true }
    ) throws(AdminProblem) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.stringValue, passes(text) else { throw .invalid(name, expected) }
        return text
    }

    func required<Value>(_ name: String, _ value: Value?) throws(AdminProblem) -> Value {
        guard let value else {
            throw AdminProblem(.invalidField, "The field \(name) is missing.", field: name)
        }
        return value
    }

    func flag(_ name: String) throws(AdminProblem) -> Bool? {
        guard let value = members[name] else { return nil }
        guard let flag = value.boolValue else { throw .invalid(name, "true or false") }
        return flag
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, of kind: Word.Type = Word.self
    ) throws(AdminProblem) -> Word? where Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        guard let text = try text(name, "one of \(words)") else { return nil }
        guard let word = Word(rawValue: text) else { throw .invalid(name, "one of \(words)") }
        return word
    }

    /// An id in our spelling.
    func id<Subject>(
        _ name: String, of subject: Subject.Type = Subject.self
    ) throws(AdminProblem) -> Identifier<Subject>? {
        guard let text = try text(name, "an id") else { return nil }
        guard let bits = IdentifierBits(uuidString: text) else { throw .invalid(name, "an id") }
        return Identifier(bits: bits)
    }

    /// A moment; `null` and left out are both none.
    func instant(_ name: String) throws(AdminProblem) -> Instant? {
        let expected = "a moment such as 2026-01-31T00:00:00Z"
        guard let value = members[name], !value.isNull else { return nil }
        guard let instant = value.stringValue.flatMap(Instant.init(rfc3339:)) else {
            throw .invalid(name, expected)
        }
        return instant
    }

    /// Addresses and networks; `null` and left out are both "from anywhere".
    func sources(_ name: String) throws(AdminProblem) -> AllowList? {
        let expected = "1 to \(AllowList.networksMax) addresses or networks such as 192.0.2.0/24"
        guard let value = members[name], !value.isNull else { return nil }
        guard let texts = value.arrayValue?.map(\.stringValue), !texts.contains(nil) else {
            throw .invalid(name, expected)
        }
        let networks = texts.compactMap { $0.flatMap { NetworkPrefix($0) } }
        guard networks.count == texts.count, let list = AllowList(networks) else {
            throw .invalid(name, expected)
        }
        return list
    }
}
