internal import Synchronization

/// Runs a closure the first time it is asked to.
final class OneTimeStart: Sendable {
    private let action: Mutex<(@Sendable () -> Void)?>

    init(_ action: @escaping @Sendable () -> Void) {
        self.action = Mutex(action)
    }

    func go() {
        let action = action.withLock { action in
            defer { action = nil }
            return action
        }
        action?()
    }
}
