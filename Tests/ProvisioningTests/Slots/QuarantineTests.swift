import Primitives
import Provisioning
import Testing

@Suite("Quarantine")
struct QuarantineTests {
    private let noon = Instant(milliseconds: 1_769_860_800_000)

    @Test(arguments: [(0, 0, true), (60_000, 0, true), (60_001, 0, false), (-1, 0, false), (0, -1, false)])
    func `a drain takes at most a minute and a rest is not negative`(
        _ drain: Int64, _ rest: Int64, _ exists: Bool
    ) {
        #expect((Quarantine(drainMilliseconds: drain, restMilliseconds: rest) != nil) == exists)
    }

    @Test func `a slot leaves after the grace, rests after the drain, and is sold after the rest`() {
        let quarantine = Quarantine(drainMilliseconds: 30_000, restMilliseconds: 3_600_000)!

        #expect(
            Quarantine.release(ofExpiry: noon, graceMilliseconds: 86_400_000)
                == Instant(milliseconds: noon.milliseconds + 86_400_000))
        #expect(quarantine.drained(since: noon).milliseconds(since: noon) == 30_000)
        #expect(quarantine.until(since: noon).milliseconds(since: noon) == 3_600_000)
    }

    @Test func `an hour is the default`() {
        #expect(Quarantine.standard.until(since: noon).milliseconds(since: noon) == 3_600_000)
        #expect(Quarantine.standard.drained(since: noon) == noon)
    }

    @Test func `a grace past all time never ends and does not trap`() {
        #expect(Quarantine.release(ofExpiry: noon, graceMilliseconds: .max) == .farthest)
    }
}
