import Primitives
import TestSupport
import Testing

@testable import Provisioning

@Suite("Rotation rules")
struct RotationRuleTests {
    @Test(
        arguments: [
            (0, [0, 5], nil), (5, [0, 5], nil),
            (7, [0, 5], ConnectionRefusal.rotationNotAllowed(minutes: 7, choices: [0, 5])),
            (-5, [0, 5], .rotationNotAllowed(minutes: -5, choices: [0, 5])),
            (0, [5], .rotationNotAllowed(minutes: 0, choices: [5])),
            (0, [], .rotationNotAvailable), (5, [], .rotationNotAvailable),
        ] as [(Int32, [Int32], ConnectionRefusal?)])
    func `minutes are among the choices`(_ minutes: Int32, _ choices: [Int32], _ refusal: ConnectionRefusal?)
    {
        #expect(RotationRule.refusal(ofMinutes: minutes, choices: choices) == refusal)
    }

    @Test(
        arguments: [
            (nil, [0, 5], nil), (60_000, [0, 5], nil), (60_001, [0, 5], nil),
            (59_999, [0, 5], ConnectionRefusal.tooSoon(retryAfterMilliseconds: 1)),
            (0, [0, 5], .tooSoon(retryAfterMilliseconds: 60_000)),
            (-500_000, [0, 5], .tooSoon(retryAfterMilliseconds: 60_000)),
            (nil, [], .rotationNotAvailable),
        ] as [(Int64?, [Int32], ConnectionRefusal?)])
    func `exits change at most once per interval`(
        _ since: Int64?, _ choices: [Int32], _ refusal: ConnectionRefusal?
    ) {
        let now = ManualClock.start
        let last = since.flatMap { now.adding(milliseconds: -$0) }
        #expect(
            RotationRule.refusal(ofRotatingAt: now, last: last, minInterval: 60_000, choices: choices)
                == refusal)
    }
}
