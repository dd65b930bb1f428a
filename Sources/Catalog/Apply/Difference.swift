/// Compares the rows of one kind and tenant with what the file wants of them.
public struct Difference: Sendable {
    /// Fields as the file spells them, in the order in which a change shows them; a name is there once.
    public typealias Fields = [(name: String, text: String)]

    let tenant: String
    let kind: String

    /// - Parameters:
    ///   - tenant: the slug that the lines show.
    ///   - kind: what the rows are: `plan`, `customer`, …
    public init(tenant: String, kind: String) {
        self.tenant = tenant
        self.kind = kind
    }

    /// The change that makes the current row the desired one; `nil` where it is that already.
    public func change<Row>(
        to desired: Row, from current: Row?, name: String, fields: (Row) -> Fields
    ) -> CatalogueChange<Row>? {
        guard let current else {
            return CatalogueChange(desired, ChangeLine(.create, tenant: tenant, kind: kind, name: name))
        }
        let changed = Self.compare(fields(current), fields(desired))
        guard !changed.isEmpty else { return nil }
        return CatalogueChange(
            desired, ChangeLine(.change, tenant: tenant, kind: kind, name: name, fields: changed))
    }

    /// Adds the change to a list, where there is one.
    public func note<Row>(
        _ desired: Row, from current: Row?, name: String, in changes: inout [CatalogueChange<Row>],
        fields: (Row) -> Fields
    ) {
        if let change = change(to: desired, from: current, name: name, fields: fields) {
            changes.append(change)
        }
    }

    /// What a left-out row becomes when the file is applied with `--prune`.
    public func deactivation<Row>(_ row: Row, name: String) -> CatalogueChange<Row> {
        CatalogueChange(row, ChangeLine(.deactivate, tenant: tenant, kind: kind, name: name))
    }

    /// Fields that differ; one that only one side has is `none` on the other.
    static func compare(_ old: Fields, _ new: Fields) -> [ChangeLine.Field] {
        let before = Dictionary(uniqueKeysWithValues: old.map { ($0.name, $0.text) })
        let after = Set(new.map(\.name))
        let changed = new.filter { (before[$0.name] ?? "none") != $0.text }
            .map { ChangeLine.Field($0.name, before[$0.name] ?? "none", $0.text) }
        let gone = old.filter { !after.contains($0.name) && $0.text != "none" }
            .map { ChangeLine.Field($0.name, $0.text, "none") }
        return changed + gone
    }
}
