internal import Primitives

/// How often signing in may be tried: from one address, and for one e-mail address, right or wrong.
struct SignInLimits: Sendable {
    var perAddress = RateLimit.sliding(limit: 20, window: 60_000)
    var perEmail = RateLimit.sliding(limit: 10, window: 60_000)

    /// Counts a try; the seconds to wait where one of the two counts is used up.
    ///
    /// The e-mail address is only counted for callers who are let through by their own count, so nobody can lock a person
    /// out faster than they can try themselves.
    ///
    /// - Parameters:
    ///   - name: of the buckets.
    ///   - person: whoever is tried, in one spelling.
    func refused(
        _ name: String, _ person: String, from address: String, in tenant: TenantID,
        by limiter: SlidingWindowLimiter, at now: Instant
    ) -> Int? {
        let counts: [(RateLimitSubject, RateLimitBucket)] = [
            (.caller(tenant, at: address), RateLimitBucket(name, perAddress)),
            (.target(tenant, person), RateLimitBucket(name, perEmail)),
        ]
        for (subject, bucket) in counts {
            if let verdict = limiter.take(subject, [bucket], at: now), !verdict.isAllowed {
                return verdict.retryAfterSeconds
            }
        }
        return nil
    }
}

/// How often one person may be wrong, whether by password or by code.
struct ProofLimits: Sendable {
    var perPerson = RateLimit.sliding(limit: 10, window: 600_000)

    /// Counts a try; the seconds to wait where the person has had all of theirs.
    func refused(
        _ person: String, in tenant: TenantID, by limiter: SlidingWindowLimiter, at now: Instant
    ) -> Int? {
        let verdict = limiter.take(
            .target(tenant, "proof \(person)"), [RateLimitBucket("proof", perPerson)], at: now)
        return verdict.flatMap { $0.isAllowed ? nil : $0.retryAfterSeconds }
    }
}
