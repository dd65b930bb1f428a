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

/// Counts requests per subject and bucket, in one process.
///
/// What counts: a request that is let through counts once in every bucket it falls under; a request that is
/// refused counts in none, so a caller who keeps knocking is let in as soon as one who waits. Every process
/// counts for itself. Memory is bounded: beyond `subjectsMax` the subjects that were silent longest are
/// forgotten, limit and all.
public final class SlidingWindowLimiter: Sendable {
    private final class Shard: Sendable {
        let table: Mutex<SubjectTable>

        init(generationMax: Int) {
            table = Mutex(SubjectTable(generationMax: generationMax))
        }
    }

    private let shards: [Shard]

    /// - Parameter subjectsMax: how many subjects are remembered at most, in all shards together.
    public init(subjectsMax: Int = 65_536, shards: Int = 16) {
        precondition(shards > 0 && subjectsMax >= 2 * shards, "every shard needs room")
        self.shards = (0..<shards).map { _ in Shard(generationMax: subjectsMax / shards / 2) }
    }

    /// Counts one request under all its buckets, or, where one of them has nothing left, under none.
    /// - Returns: what the tightest bucket says; `nil` where every bucket is off.
    public func take(
        _ subject: RateLimitSubject, _ buckets: [RateLimitBucket], at now: Instant
    ) -> RateLimitVerdict? {
        shard(of: subject).table.withLock { $0.take(subject, buckets, at: now.milliseconds) }
    }

    /// What `take` would say of one more request, without counting it; `nil` where nothing is counted.
    public func look(
        _ subject: RateLimitSubject, _ buckets: [RateLimitBucket], at now: Instant
    ) -> RateLimitVerdict? {
        shard(of: subject).table.withLock { $0.look(subject, buckets, at: now.milliseconds) }
    }

    private func shard(of subject: RateLimitSubject) -> Shard {
        shards[Int(UInt(bitPattern: subject.hashValue) % UInt(shards.count))]
    }

    /// How many subjects are remembered.
    public var subjectCount: Int {
        shards.reduce(0) { sum, shard in sum + shard.table.withLock { $0.count } }
    }
}
