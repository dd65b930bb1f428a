internal import Primitives
internal import Synchronization

/// Keeps the looking up of credentials that nobody has shown before from starving everybody else.
///
/// Made-up keys cost a read of the database each. An address that showed many of them is not looked up for until
/// they are forgotten; and however many addresses take part, only a few such reads are under way at once, a few
/// hundred more wait, and the rest are told to come back. Whoever was known before is never held up here.
public final class Strangers: Sendable {
    private struct Line {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
        var head = 0
    }

    private let limiter = SlidingWindowLimiter(subjectsMax: 16_384)
    private let buckets: [RateLimitBucket]
    private let line: Mutex<Line>
    private let waitingMax: Int

    /// - Parameters:
    ///   - limit: credentials that are nobody's, from one address at one tenant.
    ///   - readsMax: reads that strangers may have under way: fewer than there are connections.
    public init(
        limit: RateLimit = .sliding(limit: 600, window: 60_000), readsMax: Int = 2, waitingMax: Int = 512
    ) {
        precondition(readsMax > 0, "a stranger has to be let in at some time")
        buckets = [RateLimitBucket("strangers", limit)]
        line = Mutex(Line(free: readsMax))
        self.waitingMax = waitingMax
    }

    /// Looks a stranger's credential up, once there is room for it.
    ///
    /// - Parameters:
    ///   - address: where it comes from; empty where nobody knows, which counts for nobody.
    ///   - isSomebodys: whether what was found is good for anything; else it counts like nothing found.
    /// - Throws: `StrangerRefusal`, and whatever the look throws.
    func look<Found: Sendable>(
        _ tenant: TenantID, from address: String, at now: Instant,
        isSomebodys: (Found) -> Bool = { _ in true }, _ look: () async throws -> Found?
    ) async throws -> Found? {
        let caller = RateLimitSubject.caller(tenant, at: address)
        if !address.isEmpty, let verdict = limiter.look(caller, buckets, at: now), !verdict.isAllowed {
            throw StrangerRefusal.tooManyUnknown(retryAfterSeconds: verdict.retryAfterSeconds)
        }
        try await enter()
        defer { leave() }
        let found = try await look()
        if !(found.map(isSomebodys) ?? false), !address.isEmpty { _ = limiter.take(caller, buckets, at: now) }
        return found
    }

    /// How many wait to be looked up.
    var waiting: Int { line.withLock { $0.waiting.count - $0.head } }

    private func enter() async throws(StrangerRefusal) {
        let isFull = line.withLock { $0.free == 0 && $0.waiting.count - $0.head >= waitingMax }
        if isFull { throw .busy }
        await withCheckedContinuation { continuation in
            let isIn = line.withLock { line in
                guard line.free == 0 else {
                    line.free -= 1
                    return true
                }
                line.waiting.append(continuation)
                return false
            }
            if isIn { continuation.resume() }
        }
    }

    private func leave() {
        let next: CheckedContinuation<Void, Never>? = line.withLock { line in
            guard line.head < line.waiting.count else {
                line.free += 1
                return nil
            }
            let next = line.waiting[line.head]
            line.head += 1
            if line.head * 2 > line.waiting.count {
                line.waiting.removeFirst(line.head)
                line.head = 0
            }
            return next
        }
        next?.resume()
    }
}

/// Why a credential that nobody has shown before was not looked up.
public enum StrangerRefusal: Error, Sendable, Hashable {
    /// Its address showed too many that were nobody's.
    case tooManyUnknown(retryAfterSeconds: Int)
    /// Too many strangers are waiting.
    case busy
}
