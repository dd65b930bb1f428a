import Synchronization

/// A value that many tasks may note and read.
final class Noted<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }

    var current: Value { value.withLock { $0 } }

    func note(_ change: (inout sending Value) -> Void) {
        value.withLock { change(&$0) }
    }
}
