internal import Foundation
internal import Synchronization

/// Lets clients work or rest, and knows when all of them rest.
final class LoadSwitch: @unchecked Sendable {
    // NSCondition guards what follows.
    private let condition = NSCondition()
    private var isOn = false
    private var isOver = false
    private var working = 0

    /// Called by a client before each request: waits while there is to be no load; false once there is none any more.
    func enter() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !isOn && !isOver { condition.wait() }
        guard !isOver else { return false }
        working += 1
        return true
    }

    func leave() {
        condition.lock()
        defer { condition.unlock() }
        working -= 1
        condition.broadcast()
    }

    func start() {
        condition.lock()
        defer { condition.unlock() }
        isOn = true
        condition.broadcast()
    }

    /// Returns when every request that was begun has its answer, or is known to have none.
    func pause() {
        condition.lock()
        defer { condition.unlock() }
        isOn = false
        while working > 0 { condition.wait() }
    }

    func finish() {
        condition.lock()
        defer { condition.unlock() }
        isOver = true
        condition.broadcast()
    }
}
