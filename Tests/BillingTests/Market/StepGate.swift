import Billing
import Foundation

/// Holds the engine's thread at one step while it is closed.
final class StepGate: @unchecked Sendable {
    private let condition = NSCondition()
    private let step: EngineStep
    private var isClosed = false
    private var holding = false

    init(_ step: EngineStep) {
        self.step = step
    }

    var pass: @Sendable (EngineStep) throws -> Void {
        { [self] reached in
            guard reached == step else { return }
            condition.lock()
            defer { condition.unlock() }
            while isClosed {
                holding = true
                condition.wait()
            }
            holding = false
        }
    }

    func close() {
        condition.withLock { isClosed = true }
    }

    func open() {
        condition.withLock {
            isClosed = false
            condition.broadcast()
        }
    }

    var isHolding: Bool { condition.withLock { holding } }
}

/// Something that the test did not expect.
struct Surprise: Error {
    let what: String

    init(_ what: String) {
        self.what = what
    }
}
