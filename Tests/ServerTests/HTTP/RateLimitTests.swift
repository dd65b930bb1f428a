import Foundation
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Rate limits")
struct RateLimitTests {
    @Test(arguments: [
        ("120/1m", RateLimit.sliding(limit: 120, window: 60_000)),
        ("5000/1h", .sliding(limit: 5_000, window: 3_600_000)),
        ("1/1s", .sliding(limit: 1, window: 1_000)), ("2/31d", .sliding(limit: 2, window: 31 * 86_400_000)),
        ("off", .off),
    ])
    func `a limit is a count in a span, or off`(text: String, limit: RateLimit) {
        #expect(RateLimit(text) == limit)
    }

    @Test(arguments: [
        "", "120", "120/", "/1m", "120/m", "0/1m", "-1/1m", "1.5/1m", "120/0m", "120/1w", "120/1M",
        "120 / 1m", "OFF",
        "1/32d", "1000000000/1m", "١/1m", "+1/1m", "1/1m/1m",
    ])
    func `anything else is no limit`(text: String) {
        #expect(RateLimit(text) == nil)
    }

    /// Requests at random times, crowded and sparse: whichever window one looks at, it holds no more than the
    /// limit.
    @Test(arguments: 1...20) func `never more than the limit in any window`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let limit = Int.random(in: 1...40, using: &random)
        let span = Int64.random(in: 50...5_000, using: &random)
        var now: Int64 = 1_769_817_600_000
        var window = OneWindow(limit: limit, window: span, at: now)
        var allowed: [Int64] = []
        for _ in 0..<3_000 {
            now += Bool.random(using: &random) ? 0 : Int64.random(in: 0...(span / 8 + 1), using: &random)
            guard window.remaining(at: now) > 0 else { continue }
            window.take(at: now)
            allowed.append(now)
        }

        #expect(allowed.count > limit)
        for (index, first) in allowed.enumerated() where index + limit < allowed.count {
            #expect(allowed[index + limit] - first >= span, "\(limit + 1) requests within \(span) ms")
        }
    }

    /// Strict, but not for long: what was refused is let through at the promised moment, and that is at most
    /// one sixtieth of the window (and its rounding) after the strict one.
    @Test(arguments: 1...20) func `a refused request is let through when it was promised`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let span = Int64.random(in: 60...100_000, using: &random)
        let start = Int64.random(in: 0...1_000_000, using: &random)
        var window = OneWindow(limit: 3, window: span, at: start)
        for _ in 0..<3 { window.take(at: start) }

        let free = window.freeAt(start)
        #expect(window.remaining(at: free - 1) == 0)
        #expect(window.remaining(at: free) == 3)
        #expect(free - start >= span)
        #expect(free - start <= span + 2 * (span / 60 + 1) + 60)
    }

    @Test func `a clock that jumps back neither frees nor locks anybody for long`() {
        var window = OneWindow(limit: 2, window: 60_000, at: 10_000_000)
        window.take(at: 10_000_000)
        window.take(at: 10_000_000)

        #expect(window.remaining(at: 9_990_000) == 0)
        #expect(window.remaining(at: 5_000_000) == 2)
    }

    @Test func `when everything is forgotten the reset is now`() {
        var window = OneWindow(limit: 2, window: 60_000, at: 0)
        #expect(window.resetsAt(0) == 0)
        window.take(at: 500)
        #expect(window.resetsAt(500) == 61_000)
        #expect(window.resetsAt(61_000) == 61_000)
    }
}

/// One limit of one subject, asked what the rules are about.
private struct OneWindow {
    private let limiter = SlidingWindowLimiter()
    private let subject = RateLimitSubject.target(TenantID(1), "somebody")
    private let bucket: RateLimitBucket
    private let limit: Int
    private let window: Int64

    init(limit: Int, window: Int64, at now: Int64) {
        bucket = RateLimitBucket("tested", .sliding(limit: limit, window: window))
        (self.limit, self.window) = (limit, window)
    }

    private func look(at now: Int64) -> RateLimitVerdict? {
        limiter.look(subject, [bucket], at: Instant(milliseconds: now))
    }

    func remaining(at now: Int64) -> Int { look(at: now)?.remaining ?? limit }

    func take(at now: Int64) {
        let verdict = limiter.take(subject, [bucket], at: Instant(milliseconds: now))
        #expect(verdict?.isAllowed == true)
    }

    func resetsAt(_ now: Int64) -> Int64 { look(at: now)?.resetsAtMilliseconds ?? now }

    /// The first moment at which one more is let through, found by trying; and it is the one that was promised.
    func freeAt(_ now: Int64) -> Int64 {
        var (refused, free) = (now - 1, now + 2 * window + 1_000)
        while free - refused > 1 {
            let middle = (free + refused) / 2
            if remaining(at: middle) > 0 { free = middle } else { refused = middle }
        }
        let promised = now + 1_000 * Int64(look(at: now)?.retryAfterSeconds ?? 0)
        #expect(promised >= free && promised - free < 1_000)
        return free
    }
}
