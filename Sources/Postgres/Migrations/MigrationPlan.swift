/// Decides which migrations are to be applied, given those that have been.
struct MigrationPlan: Equatable {
    struct Entry: Equatable {
        var name: String
        var checksum: String
    }

    /// The names to apply, in order.
    let pending: [String]

    static func decide(known: [Entry], applied: [Entry]) throws(MigrationError) -> MigrationPlan {
        let knownNames = Set(known.map(\.name))
        let unknown = applied.map(\.name).filter { !knownNames.contains($0) }
        guard unknown.isEmpty else { throw .unknownApplied(unknown.sorted()) }

        let checksums = Dictionary(
            applied.map { ($0.name, $0.checksum) }, uniquingKeysWith: { first, _ in first })
        let lastApplied = known.last { checksums[$0.name] != nil }?.name
        var pending: [String] = []
        for migration in known {
            if let checksum = checksums[migration.name] {
                guard checksum == migration.checksum else { throw .checksumChanged(name: migration.name) }
                if let early = pending.first {
                    throw .outOfOrder(name: early, after: lastApplied ?? migration.name)
                }
            } else {
                pending.append(migration.name)
            }
        }
        return MigrationPlan(pending: pending)
    }
}
