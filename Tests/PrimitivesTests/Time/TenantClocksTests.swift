import Primitives
import TestSupport
import Testing

@Suite("Tenants' clocks")
struct TenantClocksTests {
    private let start = ManualClock.start

    @Test func `a tenant of whom nothing is known has the real time`() {
        var clocks = TenantClocks([TenantID(1): 5_000, TenantID(2): 0])
        #expect(clocks.now(of: TenantID(1), at: start) == Instant(milliseconds: start.milliseconds + 5_000))
        for tenant in [2, 3].map(TenantID.init) { #expect(clocks.now(of: tenant, at: start) == start) }
        clocks.set(0, of: TenantID(1))
        #expect(clocks == TenantClocks())
        #expect(clocks.time(of: TenantID(1), at: start).real == start)
    }

    @Test func `a clock ends with the calendar and never wraps around`() {
        let time = TenantTime(real: start, aheadMilliseconds: .max)
        #expect(time.now == .farthest)
    }

    /// 500 cases: what is taken apart is all there once, in order within its part, one clock to a part.
    @Test func `things are taken apart by clock and by nothing else`() {
        for seed in 0..<500 {
            var random = SplitMix64(seed: UInt64(seed))
            let ahead = (1...5).map { (TenantID($0), Int64.random(in: 0...2, using: &random) * 86_400_000) }
            let clocks = TenantClocks(Dictionary(uniqueKeysWithValues: ahead))
            let items = (0..<Int.random(in: 0...40, using: &random)).map {
                (tenant: TenantID(Int64.random(in: 1...6, using: &random)), number: $0)
            }
            let parts = clocks.parts(of: items, tenant: \.tenant)
            #expect(parts.flatMap { $0.map(\.number) }.sorted() == items.map(\.number))
            #expect(parts.allSatisfy { !$0.isEmpty && $0.map(\.number) == $0.map(\.number).sorted() })
            let ofParts = parts.map { Set($0.map { clocks.ahead(of: $0.tenant) }) }
            #expect(ofParts.allSatisfy { $0.count == 1 } && Set(ofParts).count == parts.count)
        }
    }
}
