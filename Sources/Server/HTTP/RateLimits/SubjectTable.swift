/// The windows of some subjects, in two generations: whoever is asked for moves to the young one, and when
/// that is full the old one is forgotten as a whole.
struct SubjectTable {
    private var young: [RateLimitSubject: [String: SlidingWindow]] = [:]
    private var old: [RateLimitSubject: [String: SlidingWindow]] = [:]
    private let generationMax: Int

    init(generationMax: Int) {
        self.generationMax = generationMax
    }

    var count: Int { young.count + old.count }

    mutating func take(
        _ subject: RateLimitSubject, _ buckets: [RateLimitBucket], at now: Int64
    ) -> RateLimitVerdict? {
        if young[subject] == nil { admit(subject) }
        return Self.take(&young[subject, default: [:]], buckets, now)
    }

    /// What `take` would say, without counting anything; `nil` for a subject that nothing is counted for.
    mutating func look(
        _ subject: RateLimitSubject, _ buckets: [RateLimitBucket], at now: Int64
    ) -> RateLimitVerdict? {
        guard var windows = young[subject] ?? old[subject] else { return nil }
        return Self.take(&windows, buckets, now, isCounted: false)
    }

    private mutating func admit(_ subject: RateLimitSubject) {
        let known = old.removeValue(forKey: subject)
        if young.count >= generationMax {
            old = young
            young = [:]
        }
        young[subject] = known ?? [:]
    }

    private static func take(
        _ windows: inout [String: SlidingWindow], _ buckets: [RateLimitBucket], _ now: Int64,
        isCounted: Bool = true
    ) -> RateLimitVerdict? {
        var isAllowed = true
        for bucket in buckets {
            guard case .sliding(let limit, let window) = bucket.limit else { continue }
            // A limit that was changed starts anew.
            if windows[bucket.name]?.limit != limit || windows[bucket.name]?.window != window {
                windows[bucket.name] = SlidingWindow(limit: limit, window: window, at: now)
            }
            if windows[bucket.name]?.remaining(at: now) == 0 { isAllowed = false }
        }
        var tightest: RateLimitVerdict?
        for bucket in buckets where bucket.limit != .off {
            guard let verdict = Self.verdict(&windows[bucket.name], isAllowed, isCounted, now) else {
                continue
            }
            if let known = tightest, !verdict.isTighter(than: known) { continue }
            tightest = verdict
        }
        return tightest
    }

    private static func verdict(
        _ window: inout SlidingWindow?, _ isAllowed: Bool, _ isCounted: Bool, _ now: Int64
    ) -> RateLimitVerdict? {
        if isAllowed, isCounted { window?.take(at: now) }
        guard let remaining = window?.remaining(at: now), let reset = window?.resetsAt(now),
            let limit = window?.limit,
            let free = window?.freeAt(now)
        else { return nil }
        let wait = isAllowed || free <= now ? 0 : max(1, Int((free - now + 999) / 1_000))
        return RateLimitVerdict(
            isAllowed: isAllowed, limit: limit, remaining: remaining, resetsAtMilliseconds: reset,
            retryAfterSeconds: wait)
    }
}

extension RateLimitVerdict {
    /// Less left, or as little for longer.
    fileprivate func isTighter(than other: RateLimitVerdict) -> Bool {
        if retryAfterSeconds != other.retryAfterSeconds { return retryAfterSeconds > other.retryAfterSeconds }
        return remaining < other.remaining
    }
}
