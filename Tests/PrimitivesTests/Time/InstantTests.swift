import Primitives
import Testing

@Suite("Instants")
struct InstantTests {
    @Test func `a later instant is exact, or nil where it leaves Int64`() async {
        await forAll { generator in
            let (start, step) = (generator.anyInt64(), generator.anyInt64())
            let later = Instant(milliseconds: start).adding(milliseconds: step)
            try same(later?.milliseconds, Int64(exactly: Int128(start) + Int128(step)))
            if let later { try same(later < Instant(milliseconds: start), step < 0) }
        }
    }

    @Test func `the system's clock is between 2026 and 9999 and does not stand still`() {
        let clock = SystemClock()
        let first = clock.now()
        #expect(first > Instant(rfc3339: "2026-01-01T00:00:00Z")!)
        #expect(first < Instant.farthest)
        while clock.now() == first {}
        #expect(clock.now() > first)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 32, 1000])
    func `random bytes are as many as were asked for`(count: Int) {
        #expect(SystemRandom().bytes(count).count == count)
        if count >= 8 { #expect(SystemRandom().bytes(count) != SystemRandom().bytes(count)) }
    }
}
