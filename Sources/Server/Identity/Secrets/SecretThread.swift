internal import Foundation
internal import Synchronization

/// One thread with a short queue, for work that is slow on purpose.
final class SecretThread: Sendable {
    private struct Job {
        let run: @Sendable () -> Void
    }

    /// What the thread holds on to: not the owner, so that a forgotten owner ends it.
    private final class Queue: Sendable {
        struct State {
            var jobs: [Job] = []
            var isClosed = false
        }

        let state = Mutex(State())
        let work = DispatchSemaphore(value: 0)

        func run() {
            while true {
                work.wait()
                let job = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
                guard let job else { return }
                job.run()
            }
        }
    }

    private let queue = Queue()
    private let waitingMax: Int

    init(waitingMax: Int) {
        precondition(waitingMax > 0, "a queue without room takes nothing")
        self.waitingMax = waitingMax
        let thread = Thread { [queue] in queue.run() }
        thread.name = "secrets"
        thread.start()
    }

    deinit {
        // The jobs that wait are run first: each signalled once, and this signal comes last.
        queue.state.withLock { $0.isClosed = true }
        queue.work.signal()
    }

    /// Runs the job on the thread; refused at once where too many are waiting.
    func run<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let refusal: SecretHasherError? = queue.state.withLock { state in
                guard !state.isClosed else { return .stopped }
                guard state.jobs.count < waitingMax else { return .busy(retryAfterSeconds: 2) }
                state.jobs.append(Job { continuation.resume(with: Result { try job() }) })
                return nil
            }
            if let refusal { continuation.resume(throwing: refusal) } else { queue.work.signal() }
        }
    }
}
