internal import Foundation
internal import Synchronization

/// Where log lines go.
public protocol LogSink: Sendable {
    /// Takes one line, a JSON object without its newline; never waits.
    func write(_ line: [UInt8])
}

/// Writes log lines to a descriptor from a thread of its own, so that a slow reader never holds up a request.
///
/// Lines wait in a bounded buffer; what does not fit is dropped and counted, and the count is the next line. The thread
/// wakes for the first line and then lets a few milliseconds' worth come together: one write for all of them.
public final class LogLines: LogSink {
    private struct State {
        var buffer: [UInt8] = []
        var dropped = 0
        var isWriting = false
        var isFlushing = false
    }

    private let state = Mutex(State())
    // Signalled when there is something to write; the thread waits for nothing else.
    private let work = DispatchSemaphore(value: 0)
    private let written = NSCondition()
    private let limit: Int

    /// - Parameters:
    ///   - descriptor: 1 for standard output, 2 for standard error; it is not closed.
    ///   - limit: bytes that may wait.
    public init(descriptor: Int32, limit: Int = 4 << 20) {
        self.limit = limit
        let thread = Thread { [self] in run(descriptor) }
        thread.name = "log"
        thread.start()
    }

    /// Adds one line; the newline is ours to add.
    public func write(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            guard state.buffer.count + line.count < limit else {
                state.dropped += 1
                return false
            }
            if state.dropped > 0 {
                state.buffer +=
                    #"{"level":"warning","message":"log lines were dropped","count":\#(state.dropped)}"#.utf8
                state.buffer.append(UInt8(ascii: "\n"))
                state.dropped = 0
            }
            let wasEmpty = state.buffer.isEmpty
            state.buffer += line
            state.buffer.append(UInt8(ascii: "\n"))
            return wasEmpty
        }
        if isFirst { work.signal() }
    }

    /// Returns when all that was written so far has left the process; for the end of it.
    public func flush() {
        state.withLock { $0.isFlushing = true }
        defer { state.withLock { $0.isFlushing = false } }
        written.lock()
        while state.withLock({ !$0.buffer.isEmpty || $0.isWriting }) {
            if !written.wait(until: Date(timeIntervalSinceNow: 2)) { break }
        }
        written.unlock()
    }

    private func run(_ descriptor: Int32) {
        while true {
            work.wait()
            if !state.withLock({ $0.isFlushing }) { Thread.sleep(forTimeInterval: 0.005) }
            let bytes = state.withLock { state in
                defer { state.buffer = [] }
                state.isWriting = true
                return state.buffer
            }
            Self.writeAll(bytes, descriptor)
            state.withLock { $0.isWriting = false }
            written.lock()
            written.broadcast()
            written.unlock()
        }
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) {
        bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count, let base = bytes.baseAddress {
                let count = Foundation.write(descriptor, base + start, bytes.count - start)
                if count > 0 {
                    start += count
                } else if errno == EAGAIN {
                    var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&poller, 1, 1_000)
                } else if errno != EINTR {
                    // Nobody reads any more: there is nowhere left to say so.
                    return
                }
            }
        }
    }
}
