internal import Catalog
public import Primitives

extension ApplyReport {
    /// For a terminal: the changes, the warnings, the counts, and the keys that were made; ends with a line
    /// feed.
    public var text: String {
        var rows = lines.map(\.description) + warnings.map { "! \($0)" } + [summary]
        if !generatedKeys.isEmpty {
            rows.append("API keys, shown this once:")
            rows += generatedKeys.map { "  \($0.tenant) \($0.customer) \($0.dialect) \($0.key)" }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private var summary: String {
        guard !lines.isEmpty else { return "nothing to change" }
        let counts = "\(createdCount) to create, \(changedCount) to change, \(deactivatedCount) to deactivate"
        if isDryRun { return "\(counts); this was a dry run, nothing was written" }
        return "\(createdCount) created, \(changedCount) changed, \(deactivatedCount) deactivated"
    }

    /// For machines: the same, as one JSON object.
    public var json: JSON {
        [
            "dry_run": .bool(isDryRun), "created": .integer(Int64(createdCount)),
            "changed": .integer(Int64(changedCount)), "deactivated": .integer(Int64(deactivatedCount)),
            "changes": .array(lines.map(Self.json)), "warnings": .array(warnings.map { .string($0) }),
            "keys": .array(
                generatedKeys.map { key in
                    [
                        "tenant": .string(key.tenant), "customer": .string(key.customer),
                        "dialect": .string(key.dialect.rawValue), "key": .string(key.key),
                    ]
                }),
        ]
    }

    private static func json(_ line: ChangeLine) -> JSON {
        let action =
            switch line.sign {
            case .create: "create"
            case .change: "change"
            case .deactivate: "deactivate"
            }
        return [
            "action": .string(action), "tenant": .string(line.tenant), "kind": .string(line.kind),
            "name": .string(line.name),
            "fields": .array(
                line.fields.map {
                    ["name": .string($0.name), "old": .string($0.old), "new": .string($0.new)]
                }),
        ]
    }
}
