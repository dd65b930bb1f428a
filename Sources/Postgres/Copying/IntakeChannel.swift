internal import Foundation

/// A bounded channel from a task, which suspends while it is full, to a pool's thread, which blocks while it
/// is empty.
final class IntakeChannel: @unchecked Sendable {
    // Everything below is touched only under the condition's lock.
    private let condition = NSCondition()
    private let limit: Int
    private var chunks: [[UInt8]] = []
    private var writer: CheckedContinuation<Void, Never>?
    private var ending: Result<[UInt8]?, any Error>?
    private var isAbandoned = false

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// Hands a chunk over and waits for room; false once nobody takes any more.
    func send(_ chunk: [UInt8]) async -> Bool {
        await withCheckedContinuation { continuation in
            let mayGoOn = condition.withLock {
                if isAbandoned { return true }
                chunks.append(chunk)
                condition.signal()
                if chunks.count < limit { return true }
                writer = continuation
                return false
            }
            if mayGoOn { continuation.resume() }
        }
        return condition.withLock { !isAbandoned }
    }

    /// Ends the channel, with an error or without; what was sent is still taken.
    func finish(_ error: (any Error)? = nil) {
        condition.withLock {
            ending = error.map { .failure($0) } ?? .success(nil)
            condition.signal()
        }
    }

    /// The next chunk, or nil at the end; blocks the thread.
    func receive() throws -> [UInt8]? {
        let (answer, writer) = condition.withLock {
            while chunks.isEmpty, ending == nil { condition.wait() }
            guard !chunks.isEmpty else { return (ending!, CheckedContinuation<Void, Never>?.none) }
            defer { self.writer = nil }
            return (.success(chunks.removeFirst()), self.writer)
        }
        writer?.resume()
        return try answer.get()
    }

    /// Tells the sender that nobody takes any more.
    func abandon() {
        let writer = condition.withLock {
            isAbandoned = true
            chunks = []
            defer { self.writer = nil }
            return self.writer
        }
        writer?.resume()
    }
}
