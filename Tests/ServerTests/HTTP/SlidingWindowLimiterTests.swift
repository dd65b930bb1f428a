import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Server

private let alba = TenantID(1)
private let brio = TenantID(2)
private let alice = RateLimitSubject.principal(alba, PrincipalID(bits: .zero))
private let minute = RateLimitBucket("api", .sliding(limit: 3, window: 60_000))

@Suite("The sliding-window limiter")
struct SlidingWindowLimiterTests {
    private let limiter = SlidingWindowLimiter()
    private let clock = ManualClock()

    @Test func `three are let through, the fourth waits`() {
        for left in [2, 1, 0] {
            let verdict = limiter.take(alice, [minute], at: clock.now())
            #expect(verdict?.isAllowed == true)
            #expect(verdict?.remaining == left)
            #expect(verdict?.retryAfterSeconds == 0)
        }
        let refused = limiter.take(alice, [minute], at: clock.now())
        #expect(refused?.isAllowed == false)
        #expect(refused?.limit == 3)
        #expect(refused?.remaining == 0)
        #expect(refused?.retryAfterSeconds == 61)
        #expect(refused?.resetsAtMilliseconds == clock.now().milliseconds + 61_000)

        clock.advance(milliseconds: 61_000)
        #expect(limiter.take(alice, [minute], at: clock.now())?.isAllowed == true)
    }

    @Test func `a refused request is not counted`() {
        for _ in 0..<3 { _ = limiter.take(alice, [minute], at: clock.now()) }
        clock.advance(milliseconds: 30_000)
        for _ in 0..<100 { #expect(limiter.take(alice, [minute], at: clock.now())?.isAllowed == false) }
        clock.advance(milliseconds: 31_000)
        #expect(limiter.take(alice, [minute], at: clock.now())?.isAllowed == true)
    }

    @Test func `nobody pays for another's requests`() {
        let others: [RateLimitSubject] = [
            .principal(brio, PrincipalID(bits: .zero)), .address(alba, "127.0.0.1"),
            .address(brio, "127.0.0.1"),
            .target(alba, "a@x"),
        ]
        for _ in 0..<4 { _ = limiter.take(alice, [minute], at: clock.now()) }
        for other in others { #expect(limiter.take(other, [minute], at: clock.now())?.remaining == 2) }
    }

    @Test func `a request falls under all its buckets or under none, and hears of the tightest`() {
        let hour = RateLimitBucket("purchases", .sliding(limit: 2, window: 3_600_000))
        #expect(limiter.take(alice, [minute, hour], at: clock.now())?.limit == 2)
        #expect(limiter.take(alice, [minute, hour], at: clock.now())?.remaining == 0)

        let refused = limiter.take(alice, [minute, hour], at: clock.now())
        #expect(refused?.isAllowed == false)
        #expect(refused?.limit == 2)
        #expect((refused?.retryAfterSeconds ?? 0) > 3_600)

        // The minute's bucket was not charged for what the hour's refused.
        #expect(limiter.take(alice, [minute], at: clock.now())?.remaining == 0)
    }

    @Test func `where every bucket is off there is no verdict`() {
        #expect(limiter.take(alice, [RateLimitBucket("api", .off)], at: clock.now()) == nil)
        #expect(limiter.take(alice, [], at: clock.now()) == nil)
        #expect(limiter.take(alice, [RateLimitBucket("x", .off), minute], at: clock.now())?.limit == 3)
    }

    @Test func `a limit that was changed starts anew`() {
        for _ in 0..<4 { _ = limiter.take(alice, [minute], at: clock.now()) }
        let wider = RateLimitBucket("api", .sliding(limit: 5, window: 60_000))
        #expect(limiter.take(alice, [wider], at: clock.now())?.remaining == 4)
    }

    @Test func `memory is bounded, and those who are heard of stay`() async {
        let limiter = SlidingWindowLimiter(subjectsMax: 1_000, shards: 4)
        for number in 0..<100_000 {
            if number.isMultiple(of: 512) { await Task.yield() }
            _ = limiter.take(
                .address(alba, "10.0.\(number / 256).\(number % 256)"), [minute], at: clock.now())
            if number.isMultiple(of: 50) { _ = limiter.take(alice, [minute], at: clock.now()) }
        }
        #expect(limiter.subjectCount <= 1_000)
        #expect(limiter.take(alice, [minute], at: clock.now())?.isAllowed == false)
    }

    @Test func `threads at once let through exactly the limit`() async {
        let bucket = RateLimitBucket("api", .sliding(limit: 500, window: 60_000))
        let allowed = Tally()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { [limiter, clock] in
                    for _ in 0..<200 where limiter.take(alice, [bucket], at: clock.now())?.isAllowed == true {
                        allowed.add()
                    }
                }
            }
        }
        #expect(allowed.count == 500)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"), ("::ffff:192.0.2.1", "192.0.2.1"),
        ("not:an:address", "not:an:address"),
    ])
    func `IPv6 callers are counted by their network`(address: String, counted: String) {
        #expect(RateLimitSubject.caller(alba, at: address) == .address(alba, counted))
    }
}
