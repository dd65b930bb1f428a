import Primitives
import TestSupport
import Testing

@testable import Billing

/// What paid time is worth, as values: no database, ten thousand cases each.
@Suite("Paid time taken back")
struct PaidTermTests {
    private let order = OrderID(bits: IdentifierBits(high: 1, low: 1))
    private let plan = PlanID(bits: IdentifierBits(high: 2, low: 2))

    private func term(
        _ index: Int32 = 0, from start: Int64, _ length: Int64, _ amount: Int64, of order: OrderID? = nil
    ) -> PaidTerm {
        PaidTerm(
            index: index, order: order ?? self.order, plan: plan,
            period: ServicePeriod(
                start: Instant(milliseconds: start), end: Instant(milliseconds: start + length))!,
            amount: amount, anchor: nil)
    }

    @Test(
        arguments: [
            (-5, 100, true), (0, 100, false), (1, 99, true), (333, 66, true), (999, 0, true),
        ] as [(Int64, Int64, Bool)])
    func `a term cut at a moment keeps what was served, and gives back the rest rounded down`(
        at: Int64, worth: Int64, serves: Bool
    ) {
        var term = term(from: 0, 1_000, 100)
        #expect(term.cut(from: Instant(milliseconds: at)) == worth)
        #expect(term.servesUntil.milliseconds == max(0, at) && term.serves == (at > 0))
        #expect(term.worthKept == 100 - worth)
        // Cut once is cut for good.
        #expect(term.cut(from: Instant(milliseconds: 0)) == nil)
        #expect(serves || at == 0 || at < 0)
    }

    @Test func `what is over cannot be cut`() {
        var term = term(from: 0, 1_000, 100)
        #expect(term.cut(from: Instant(milliseconds: 1_000)) == nil && term.cutAt == nil)
    }

    @Test func `the largest amount over the longest time is not too much`() {
        let length = Instant.farthest.milliseconds
        #expect(term(from: 0, length, .max).worth(from: Instant(milliseconds: 0)) == .max)
        let half = term(from: 0, length, .max).worth(from: Instant(milliseconds: length / 2 + 1))
        #expect(half == Int64((Int128(Int64.max) * Int128(length - length / 2 - 1)) / Int128(length)))
    }

    @Test
    func `in whichever parts time is taken back, it is worth no more than was paid, and never less later`() {
        for seed in 0..<10_000 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let length = Int64.random(in: 1...100_000_000_000, using: &random)
            let amount = Int64.random(in: 0...1_000_000_000_000, using: &random)
            let term = term(from: 0, length, amount)
            var last = amount
            for at in (0..<5).map({ _ in Int64.random(in: 0...length, using: &random) }).sorted() {
                let worth = term.worth(from: Instant(milliseconds: at))
                let left = Int128(length - at)
                #expect(worth >= 0 && worth <= last)
                #expect(Int128(worth) * Int128(length) <= Int128(amount) * left)
                #expect((Int128(worth) + 1) * Int128(length) > Int128(amount) * left)
                last = worth
            }
        }
    }

    @Test func `of several orders each gets back its own, and the subscription stands where the rest ends`() {
        for seed in 0..<2_000 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            var terms: [PaidTerm] = []
            var end: Int64 = 0
            for index in 0..<Int32.random(in: 1...8, using: &random) {
                let length = Int64.random(in: 1...1_000, using: &random)
                let order = OrderID(bits: IdentifierBits(high: 1, low: UInt64(index / 3)))
                terms.append(
                    term(index, from: end, length, Int64.random(in: 0...50, using: &random), of: order))
                end += length
            }
            let paid = Dictionary(grouping: terms, by: \.order).mapValues { $0.reduce(0) { $0 + $1.amount } }
            var row = row(terms)
            let now = Instant(milliseconds: Int64.random(in: -10...(end - 1), using: &random))
            let kept = row.worthKept
            #expect(Dictionary(uniqueKeysWithValues: kept.map { ($0.order, $0.minor) }) == paid)
            let taken = row.takeBack(from: now)
            row.fallBack(from: now, at: now)
            #expect(row.isEnded && row.activeUntil.milliseconds == max(0, now.milliseconds))
            for (order, minor) in taken.worth { #expect(minor >= 0 && minor <= paid[order] ?? -1) }
            let left = Dictionary(uniqueKeysWithValues: row.worthKept.map { ($0.order, $0.minor) })
            for (order, minor) in taken.worth { #expect(left[order] == paid[order]! - minor) }
            #expect(row.takeBack(from: now).cuts.isEmpty)
        }
    }

    @Test func `an order that later ones are built upon is told from one that they are not`() {
        let orders = (0..<3).map { OrderID(bits: IdentifierBits(high: 1, low: $0)) }
        var row = row((0..<3).map { term(Int32($0), from: Int64($0) * 10, 10, 5, of: orders[$0]) })
        #expect(orders.map { row.isBuiltUpon($0) } == [true, true, false])
        _ = row.takeBack(from: Instant(milliseconds: 0), of: orders[2])
        #expect(orders.map { row.isBuiltUpon($0) } == [true, false, false])
        row.fallBack(from: Instant(milliseconds: 0), at: Instant(milliseconds: 0))
        #expect(!row.isEnded && row.activeUntil.milliseconds == 20)
    }

    private func row(_ terms: [PaidTerm]) -> SubscriptionRow {
        SubscriptionRow(
            id: order.retyped(), customer: order.retyped(), order: order, plan: plan, product: "proxy",
            connection: nil, dialect: .storefront, activeUntil: terms.last!.period.end,
            nextPeriod: Int32(terms.count), isEnded: false, holdings: [], terms: terms)
    }
}
