import Foundation
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("The limiter's memory", .serialized)
struct LimiterMemoryTests {
    private static let minute = RateLimitBucket("minute", .sliding(limit: 300, window: 60_000))
    private static let hour = RateLimitBucket("hour", .sliding(limit: 5_000, window: 3_600_000))
    private static let purchases = RateLimitBucket("purchases", .sliding(limit: 60, window: 3_600_000))
    private static let credentials = RateLimitBucket("credentials", .sliding(limit: 30, window: 3_600_000))
    private static let buckets = [
        [minute, hour], [minute, hour, purchases], [minute, hour, purchases, credentials],
    ]

    /// Nobody is forgotten, however many there are: each has asked once, and then everybody hears of it.
    @Test func `a million subjects with two to four windows each are all remembered`() async {
        let clock = ManualClock()
        let ids = ProcessIdentifiers(seed: 1)
        var subjects: [RateLimitSubject] = []
        subjects.reserveCapacity(1_000_000)
        for number in 0..<1_000_000 {
            if number.isMultiple(of: 512) { await Task.yield() }
            subjects.append(.principal(TenantID(Int64(number % 100)), ids.next(at: clock.now())))
        }
        let before = residentBytes()
        let limiter = SlidingWindowLimiter()
        // Nobody else's memory is measured: this does not give way.
        for (number, subject) in subjects.enumerated() {
            _ = limiter.take(subject, Self.buckets[number % 3], at: clock.now())
        }
        let bytes = (residentBytes() - before) / subjects.count
        print("the limiter: \(bytes) bytes for each of \(limiter.subjectCount) subjects")
        #expect(limiter.subjectCount == 1_000_000)
        #expect(bytes < 300)

        clock.advance(milliseconds: 30_000)
        var forgotten = 0
        for (number, subject) in subjects.enumerated() {
            if number.isMultiple(of: 512) { await Task.yield() }
            if limiter.look(subject, [Self.minute], at: clock.now())?.remaining != 299 { forgotten += 1 }
        }
        #expect(forgotten == 0)

        // Within two hours all of it is forgotten, and the memory is there for others.
        clock.advance(milliseconds: 7_200_000)
        limiter.sweep(at: clock.now())
        #expect(limiter.subjectCount == 0)
    }

    private func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Against a list of every instant at which a request was let through, as long as the step's rule says.
    @Test(arguments: 1...10) func `many subjects and limits are counted as a naive list counts them`(
        seed: UInt64
    ) async {
        var random = SplitMix64(seed: seed)
        let limiter = SlidingWindowLimiter(subjectsMax: 1_000, shards: 2)
        let limits = (0..<3).map { number in
            (
                bucket: "limit \(number)", limit: Int.random(in: 1...20, using: &random),
                window: Int64.random(in: 60...5_000, using: &random)
            )
        }
        var naive: [Int: [[Int64]]] = [:]
        var now: Int64 = 1_769_817_600_000
        for number in 0..<5_000 {
            if number.isMultiple(of: 64) { await Task.yield() }
            now += Int64.random(in: 0...60, using: &random)
            let subject = Int.random(in: 0..<8, using: &random)
            let asked = limits.indices.filter { _ in Bool.random(using: &random) }
            var lists = naive[subject] ?? [[], [], []]
            for index in limits.indices {
                let step = max(1, (limits[index].window + 59) / 60)
                lists[index].removeAll { now / step - $0 / step > 60 }
            }
            let isAllowed = asked.allSatisfy { lists[$0].count < limits[$0].limit }
            let verdict = limiter.take(
                .target(TenantID(1), "\(subject)"),
                asked.map {
                    RateLimitBucket(
                        limits[$0].bucket, .sliding(limit: limits[$0].limit, window: limits[$0].window))
                },
                at: Instant(milliseconds: now))
            #expect(verdict?.isAllowed == (asked.isEmpty ? nil : isAllowed))
            if isAllowed { for index in asked { lists[index].append(now) } }
            let left = asked.map { limits[$0].limit - lists[$0].count }.min()
            if isAllowed { #expect(verdict?.remaining == left) }
            naive[subject] = lists
        }
    }
}
