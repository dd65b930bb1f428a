import Primitives
import Testing

@Suite("Shares and splits")
struct MoneyAllocationTests {
    let euro = Currency("EUR")!

    @Test func `a share is rounded down and its remainder is what rounding left`() async {
        await forAll { generator in
            let amount = Money(minor: notNegative(&generator), currency: euro)
            let bps = BasisPoints(Int32(generator.integer(0...10_000)))!

            let (share, remainder) = amount.share(bps)

            try holds((0..<10_000).contains(remainder), "remainder \(remainder)")
            try holds(share.minor >= 0 && share.minor <= amount.minor, "\(share) of \(amount)")
            try same(
                Int128(share.minor) * 10_000 + Int128(remainder), Int128(amount.minor) * Int128(bps.value),
                "\(bps.value) bps of \(amount)")
        }
    }

    @Test func `a share and the share of the rest never exceed the whole`() async {
        await forAll { generator in
            let amount = Money(minor: notNegative(&generator), currency: euro)
            let bps = Int32(generator.integer(0...10_000))

            let parts = [bps, 10_000 - bps].map { amount.share(BasisPoints($0)!).share.minor }

            let missing = amount.minor - parts[0] - parts[1]
            try holds(missing == 0 || missing == 1, "\(missing) of \(amount) at \(bps)")
        }
    }

    @Test func `parts sum to the whole, differ by one at most, larger ones first`() async {
        await forAll { generator in
            let amount = Money(minor: notNegative(&generator), currency: euro)
            let count = Int(generator.integer(1...120))

            let parts = amount.split(into: count).map(\.minor)

            try same(parts.count, count)
            try same(parts.reduce(0, +), amount.minor)
            try same(parts, parts.sorted(by: >))
            try holds(parts[0] - parts[count - 1] <= 1, "\(parts)")
        }
    }

    @Test(
        arguments: [
            (Int64(999), Int32(1_000), Int64(99), Int64(9_000)), (1, 9_999, 0, 9_999), (1, 10_000, 1, 0),
            (0, 5_000, 0, 0),
            (.max, 10_000, .max, 0), (.max, 1, 922_337_203_685_477, 5_807),
        ] as [(Int64, Int32, Int64, Int64)])
    func `a share in numbers`(minor: Int64, bps: Int32, share: Int64, remainder: Int64) {
        let result = Money(minor: minor, currency: euro).share(BasisPoints(bps)!)
        #expect(result.share.minor == share)
        #expect(result.remainder == remainder)
    }

    @Test func `ten cents in three parts`() {
        #expect(Money(minor: 10, currency: euro).split(into: 3).map(\.minor) == [4, 3, 3])
        #expect(Money(minor: 2, currency: euro).split(into: 3).map(\.minor) == [1, 1, 0])
        #expect(Money(minor: .max, currency: euro).split(into: 1).map(\.minor) == [.max])
    }

    @Test func `a negative amount and no parts at all are mistakes of ours`() async {
        await #expect(processExitsWith: .failure) {
            _ = Money(minor: -1, currency: Currency("EUR")!).share(BasisPoints(1)!)
        }
        await #expect(processExitsWith: .failure) {
            _ = Money(minor: -1, currency: Currency("EUR")!).split(into: 2)
        }
        await #expect(processExitsWith: .failure) {
            _ = Money(minor: 1, currency: Currency("EUR")!).split(into: 0)
        }
    }

    private func notNegative(_ generator: inout SplitMix64) -> Int64 {
        Int64(clamping: generator.anyInt64().magnitude)
    }
}
