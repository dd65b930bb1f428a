/// A dictionary that forgets: at most `limit` entries, of which those not asked for longest go first.
///
/// Two generations: whatever is asked for moves to the young one, and when that holds half the limit the old
/// one is dropped as a whole. No entry costs more than its place in a dictionary.
struct BoundedMap<Key: Hashable, Value> {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let generationMax: Int

    init(limit: Int) {
        precondition(limit >= 2, "a bounded map holds at least two entries")
        generationMax = limit / 2
    }

    var count: Int { young.count + old.count }

    /// The entry of this key, which is thereby kept longer.
    mutating func use(_ key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        insert(value, key)
        return value
    }

    mutating func insert(_ value: Value, _ key: Key) {
        old.removeValue(forKey: key)
        if young.count >= generationMax, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = value
    }

    mutating func remove(_ key: Key) {
        young.removeValue(forKey: key)
        old.removeValue(forKey: key)
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
