internal import Foundation

/// A bounded channel from a pool's thread, which blocks while it is full, to a task, which suspends while it
/// is empty.
final class ChunkChannel: @unchecked Sendable {
    // Everything below is touched only under the condition's lock.
    private let condition = NSCondition()
    private let limit: Int
    private var chunks: [[UInt8]] = []
    private var reader: CheckedContinuation<[UInt8]?, any Error>?
    private var ending: Result<[UInt8]?, any Error>?
    private var isAbandoned = false

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// Hands a chunk over, and waits for room; throws once nobody reads any more.
    func send(_ chunk: [UInt8]) throws {
        let reader: CheckedContinuation<[UInt8]?, any Error>? = try condition.withLock {
            while chunks.count >= limit, !isAbandoned { condition.wait() }
            if isAbandoned { throw CancellationError() }
            defer { self.reader = nil }
            if self.reader == nil { chunks.append(chunk) }
            return self.reader
        }
        reader?.resume(returning: chunk)
    }

    /// Ends the channel, with an error or without; what was sent is still read.
    func finish(_ error: (any Error)? = nil) {
        let ending: Result<[UInt8]?, any Error> = error.map { .failure($0) } ?? .success(nil)
        let reader = condition.withLock {
            self.ending = self.ending ?? ending
            defer { self.reader = nil }
            return self.reader
        }
        reader?.resume(with: ending)
    }

    /// The next chunk, or nil at the end.
    func next() async throws -> [UInt8]? {
        try await withCheckedThrowingContinuation { continuation in
            let answer: Result<[UInt8]?, any Error>? = condition.withLock {
                if isAbandoned { return .failure(CancellationError()) }
                if !chunks.isEmpty {
                    condition.signal()
                    return .success(chunks.removeFirst())
                }
                if let ending { return ending }
                reader = continuation
                return nil
            }
            if let answer { continuation.resume(with: answer) }
        }
    }

    /// Tells the sender that nobody reads any more; false when there was nobody to tell.
    func abandon() -> Bool {
        let (reader, wasOpen) = condition.withLock {
            let wasOpen = !isAbandoned && ending == nil
            isAbandoned = true
            chunks = []
            condition.broadcast()
            defer { self.reader = nil }
            return (self.reader, wasOpen)
        }
        reader?.resume(throwing: CancellationError())
        return wasOpen
    }
}
