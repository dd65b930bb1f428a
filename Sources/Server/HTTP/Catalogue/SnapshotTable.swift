internal import Synchronization

/// Snapshots by key, each made when first asked for.
final class SnapshotTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let snapshots = Mutex<[Key: Snapshot<Value>]>([:])
    private let make: @Sendable (Key) -> Snapshot<Value>

    init(_ make: @escaping @Sendable (Key) -> Snapshot<Value>) {
        self.make = make
    }

    subscript(key: Key) -> Snapshot<Value> {
        snapshots.withLock { snapshots in
            if let known = snapshots[key] { return known }
            let made = make(key)
            snapshots[key] = made
            return made
        }
    }
}
