import Primitives
import Testing

@Suite("Sequences of ids")
struct IdentifierSequenceTests {
    let t0 = Instant(milliseconds: 1_769_817_600_000)

    @Test func `ids grow while the clock stands still`() throws {
        var sequence = IdentifierSequence(seed: 1)
        var last: OrderID = sequence.next(at: t0)
        for _ in 0..<100_000 {
            let next: OrderID = sequence.next(at: t0)
            try #require(next > last)
            last = next
        }
        #expect(last.bits.milliseconds == UInt64(t0.milliseconds))
        #expect(last.bits.isGenuine)
    }

    @Test func `ids grow whatever the clock does`() async {
        await forAll(100) { generator in
            var sequence = IdentifierSequence(seed: generator.next())
            var now = t0.milliseconds
            var last = IdentifierBits.zero
            for _ in 0..<200 {
                now += generator.pick([0, 0, 0, 1, 1, 2, 1_000, -1, -1_000, -86_400_000, 86_400_000])
                let next: OrderID = sequence.next(at: Instant(milliseconds: now))
                try holds(next.bits > last && next.bits.isGenuine, "\(next) after \(last)")
                last = next.bits
            }
        }
    }

    @Test func `a clock before 1970 counts as 1970`() {
        var sequence = IdentifierSequence(seed: 1)
        let first: OrderID = sequence.next(at: Instant(milliseconds: .min))
        let second: OrderID = sequence.next(at: Instant(milliseconds: -1))
        #expect(first < second)
        #expect(second.bits.milliseconds == 0)
    }

    @Test func `an id tells the millisecond in which it was made`() {
        var sequence = IdentifierSequence(seed: 1)
        for step in [Int64(0), 1, 2, 500, 86_400_000] {
            let id: OrderID = sequence.next(at: Instant(milliseconds: t0.milliseconds + step))
            #expect(id.bits.milliseconds == UInt64(t0.milliseconds + step))
        }
    }

    @Test func `the same seed makes the same ids, another seed makes others`() {
        func ids(_ seed: UInt64) -> [OrderID] {
            var sequence = IdentifierSequence(seed: seed)
            return (0..<10).map { _ in sequence.next(at: t0) }
        }
        #expect(ids(7) == ids(7))
        #expect(Set(ids(7)).isDisjoint(with: ids(8)))
    }

    /// Four processes, one clock that moves a millisecond for every hundred ids: the busiest day we can think of.
    @Test func `a million ids of four processes are a million ids`() async {
        var sequences = (0..<4).map { IdentifierSequence(seed: UInt64($0)) }
        var seen = Set<IdentifierBits>(minimumCapacity: 1_000_000)
        for index in 0..<250_000 {
            if index.isMultiple(of: 512) { await Task.yield() }
            let now = Instant(milliseconds: t0.milliseconds + Int64(index / 100))
            for process in sequences.indices {
                let id: OrderID = sequences[process].next(at: now)
                seen.insert(id.bits)
            }
        }
        #expect(seen.count == 1_000_000)
    }

    @Test func `concurrent callers never get the same id`() async {
        let source = ProcessIdentifiers(seed: 1)
        let ids = await withTaskGroup(of: [OrderID].self) { group in
            for _ in 0..<8 {
                group.addTask { [t0] in (0..<10_000).map { _ in source.next(at: t0) } }
            }
            return await group.reduce(into: [OrderID]()) { $0 += $1 }
        }
        #expect(Set(ids).count == 80_000)
    }

    @Test func `an id keeps its bits as another kind's`() {
        let order: OrderID = ProcessIdentifiers().next(at: t0)
        let entry: JournalEntryID = order.retyped()
        #expect(entry.bits == order.bits)
        #expect(entry.description == order.bits.uuidString)
    }

    /// Generators that are seeded a step apart tell one stream: a lane that has begun a millisecond less than another
    /// would make the other's ids.
    @Test(arguments: [UInt64(0), 1, 4001, .max])
    func `sequences of one seed's seeds never meet, however far each of them is`(seed: UInt64) {
        var ids: Set<IdentifierBits> = []
        let milliseconds: Int64 = 40
        let seeds = SplitMix64.seeds(8, from: seed)
        for (lane, seed) in seeds.enumerated() {
            var sequence = IdentifierSequence(seed: seed)
            // Each lane begins one millisecond later, so that a shifted stream would fall into step.
            for time in Int64(lane + 1)...milliseconds {
                let id: SubscriptionID = sequence.next(at: Instant(milliseconds: time))
                ids.insert(id.bits)
            }
        }
        #expect(ids.count == seeds.indices.map { Int(milliseconds) - $0 }.reduce(0, +))
    }
}
