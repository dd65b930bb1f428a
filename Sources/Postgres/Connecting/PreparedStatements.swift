/// Which statements a connection has prepared, and under which names: the least recently used makes room.
struct PreparedStatements {
    /// The same text with other parameter types is another statement.
    struct Key: Hashable {
        var text: String
        var types: [UInt32]
    }

    private struct Entry {
        var name: String
        var lastUse: UInt64
    }

    private let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0
    private var made: UInt64 = 0
    /// Names that are out of use here and still known to the server.
    private(set) var evicted: [String] = []

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { entries.count }

    /// The name under which a statement is prepared.
    mutating func name(for key: Key) -> String? {
        uses += 1
        guard let index = entries.index(forKey: key) else { return nil }
        entries.values[index].lastUse = uses
        return entries.values[index].name
    }

    /// A name that was never used on this connection.
    mutating func makeName() -> String {
        made += 1
        return "s\(made)"
    }

    /// Remembers a statement once the server has said that it is prepared.
    mutating func insert(_ name: String, for key: Key) {
        if entries.count >= capacity { evictOldest() }
        uses += 1
        if let replaced = entries.updateValue(Entry(name: name, lastUse: uses), forKey: key) {
            evicted.append(replaced.name)
        }
    }

    /// Forgets a statement, so that it is prepared anew the next time.
    mutating func forget(_ key: Key) {
        if let entry = entries.removeValue(forKey: key) { evicted.append(entry.name) }
    }

    /// Forgets everything: after a change of the schema it is cheaper to be rid of all stale plans at once.
    mutating func forgetAll() {
        evicted += entries.values.map(\.name)
        entries = [:]
    }

    mutating func takeEvicted() -> [String] {
        defer { evicted = [] }
        return evicted
    }

    /// A walk over a few hundred entries, and only once for each statement beyond the capacity.
    private mutating func evictOldest() {
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        forget(oldest.key)
    }
}
