internal import Catalog
internal import Primitives

extension AuditNote {
    /// What applying a file did to one thing, in the words in which it is reported: no secret is among them.
    init(applied line: ChangeLine) {
        switch line.sign {
        case .create: self.init("apply", line.kind, line.name, saying: "created")
        case .change:
            self.init("apply", line.kind, line.name, from: line.values(\.old), to: line.values(\.new))
        case .deactivate:
            self.init("apply", line.kind, line.name, from: ["active": true], to: ["active": false])
        }
    }
}

extension ChangeLine {
    /// Its fields as they were, or as they are.
    func values(_ side: KeyPath<Field, String>) -> JSON {
        var values = JSONObject()
        for field in fields { values[field.name] = .string(field[keyPath: side]) }
        return .object(values)
    }
}
