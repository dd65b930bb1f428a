public import Primitives
internal import Synchronization

/// Whose requests are counted together.
public enum RateLimitSubject: Sendable, Hashable {
    case principal(TenantID, PrincipalID)
    /// Callers that nobody knows yet, by address: sign-in, rotate links.
    case address(TenantID, String)
    /// What an unauthenticated request is about: the e-mail address of a sign-in.
    case target(TenantID, String)
}

/// One limit that a request falls under, by the name it is counted under.
public struct RateLimitBucket: Sendable, Hashable {
    public let name: String
    public let limit: RateLimit

    public init(_ name: String, _ limit: RateLimit) {
        self.name = name
        self.limit = limit
    }
}

/// Counts requests per subject and bucket.
///
/// What counts: a request that is let through counts once in every bucket it falls under; a request that is refused
/// counts in none, so a caller who keeps knocking is let in as soon as one who waits. Several processes may share what
/// they have counted (`SharedCounts`); without that each counts for itself.
///
/// Memory: some 120 bytes for a subject that was heard of in two or three steps, 16 to 32 for each step more, nothing
/// once its limits have forgotten it.
public final class SlidingWindowLimiter: Sendable {
    final class Shard: Sendable {
        let table: Mutex<SubjectTable>

        init(subjectsMax: Int) {
            table = Mutex(SubjectTable(subjectsMax: subjectsMax))
        }
    }

    let shards: [Shard]

    /// - Parameter subjectsMax: how many subjects are remembered at most, in all shards together.
    public init(subjectsMax: Int = 4_000_000, shards: Int = 64) {
        precondition(shards > 0 && subjectsMax >= 2 * shards, "every shard needs room")
        self.shards = (0..<shards).map { _ in Shard(subjectsMax: subjectsMax / shards) }
    }

    /// Counts one request under all its buckets, or, where one of them has nothing left, under none.
    /// - Returns: what the tightest bucket says; `nil` where every bucket is off.
    public func take(
        _ subject: RateLimitSubject, _ buckets: [RateLimitBucket], at now: Instant
    ) -> RateLimitVerdict? {
        let key = SubjectKey(subject)
        return shard(of: key).table.withLock { $0.take(key, buckets, at: now.milliseconds) }
    }

    /// What `take` would say of one more request, without counting it; `nil` where nothing is counted.
    public func look(
        _ subject: RateLimitSubject, _ buckets: [RateLimitBucket], at now: Instant
    ) -> RateLimitVerdict? {
        let key = SubjectKey(subject)
        return shard(of: key).table.withLock { $0.look(key, buckets, at: now.milliseconds) }
    }

    /// Forgets whoever has been quiet for as long as their limits look back; a request does so only when there is need.
    public func sweep(at now: Instant) {
        for shard in shards { shard.table.withLock { $0.sweep(at: now.milliseconds) } }
    }

    func shard(of key: SubjectKey) -> Shard {
        // The last bits of an id are a check value: as good as a hash.
        shards[Int((key.bits.low ^ key.bits.high) % UInt64(shards.count))]
    }

    /// How many subjects are remembered.
    public var subjectCount: Int {
        shards.reduce(0) { sum, shard in sum + shard.table.withLock { $0.count } }
    }
}
