/// One line of what an apply does: what, and from which value to which.
public struct ChangeLine: Sendable, Hashable, CustomStringConvertible {
    public enum Sign: String, Sendable, Hashable {
        case create = "+"
        case change = "~"
        case deactivate = "-"
    }

    /// One field's old and new value, as the file would write them.
    public struct Field: Sendable, Hashable {
        public let name: String
        public let old: String
        public let new: String

        public init(_ name: String, _ old: String, _ new: String) {
            self.name = name
            self.old = old
            self.new = new
        }
    }

    public let sign: Sign
    /// The slug of the tenant that it belongs to.
    public let tenant: String
    /// `tenant`, `plan`, `coupon`, …
    public let kind: String
    public let name: String
    /// Empty unless the sign is `change`.
    public let fields: [Field]

    public init(_ sign: Sign, tenant: String, kind: String, name: String, fields: [Field] = []) {
        self.sign = sign
        self.tenant = tenant
        self.kind = kind
        self.name = name
        self.fields = fields
    }

    /// `~ acme plan mobile-nl-30d: price (12.00 USD -> 13.00 USD)`.
    public var description: String {
        let subject = kind == "tenant" ? "tenant \(name)" : "\(tenant) \(kind) \(name)"
        let changes = fields.map { "\($0.name) (\($0.old) -> \($0.new))" }.joined(separator: ", ")
        return "\(sign.rawValue) \(subject)" + (changes.isEmpty ? "" : ": \(changes)")
    }
}

/// A row to write, and the line that says so.
public struct CatalogueChange<Row: Sendable>: Sendable {
    public let row: Row
    public let line: ChangeLine

    public init(_ row: Row, _ line: ChangeLine) {
        self.row = row
        self.line = line
    }

    public var sign: ChangeLine.Sign { line.sign }
}
