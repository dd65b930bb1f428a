internal import Foundation

/// What a pool's thread is to do: with a connection, or with the reason why there is none.
struct Job: Sendable {
    let run: @Sendable (Connection) -> Void
    let refuse: @Sendable (PoolError) -> Void
    /// When the job stops waiting for a server that cannot be reached.
    let deadline: ContinuousClock.Instant
}

/// The bounded queue between callers and a pool's threads, in order of arrival.
final class JobQueue: @unchecked Sendable {
    // Everything below is touched only under the condition's lock.
    private let condition = NSCondition()
    private let limit: Int
    private var jobs: [Job?] = []
    private var head = 0
    private var isClosed = false

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { condition.withLock { jobs.count - head } }

    /// Accepts the job, or says why not.
    func push(_ job: Job) -> PoolError? {
        condition.withLock {
            if isClosed { return .closed }
            if jobs.count - head >= limit { return .overloaded }
            jobs.append(job)
            condition.signal()
            return nil
        }
    }

    /// The next job, waiting for one; nil once the queue is closed and empty.
    func next() -> Job? {
        condition.withLock {
            while head == jobs.count {
                if isClosed { return nil }
                condition.wait()
            }
            let job = jobs[head]
            jobs[head] = nil
            head += 1
            // Moving the rest down only when half is dead keeps each job's share of it constant.
            if head * 2 >= jobs.count {
                jobs.removeFirst(head)
                head = 0
            }
            return job
        }
    }

    /// Accepts nothing more; what was accepted is still handed out.
    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}
