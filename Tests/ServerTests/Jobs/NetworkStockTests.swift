import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("What is told of a network's stock")
struct NetworkStockTests {
    private static let long = Instant(milliseconds: 0)
    private static let now = ManualClock.start

    private static func stock(
        ready: Int64, offered: Int64 = 50, lowStock: Int32? = nil, told: ToldStock? = .nothing,
        since: Instant = long
    ) -> NetworkStock {
        NetworkStock(
            network: ProcessIdentifiers(seed: 1).next(at: now), code: "NL", offered: offered, ready: ready,
            lowStock: lowStock, offeredSince: since, told: told)
    }

    @Test(
        arguments: [
            (50, nil, 5), (51, nil, 6), (9, nil, 1), (1, nil, 1), (50, 20, 20), (50, 0, 0),
        ] as [(Int64, Int32?, Int64)])
    func `few are a tenth of what is offered, rounded up, or what the catalogue says`(
        offered: Int64, lowStock: Int32?, watermark: Int64
    ) {
        #expect(Self.stock(ready: 1, offered: offered, lowStock: lowStock).watermark == watermark)
    }

    @Test(
        arguments: [
            (StockLevel.enough, 5, nil), (.enough, 4, "slots.low"), (.enough, 0, "slots.exhausted"),
            (.low, 4, nil), (.low, 1, nil), (.low, 0, "slots.exhausted"), (.low, 5, "slots.recovered"),
            (.exhausted, 0, nil), (.exhausted, 4, nil), (.exhausted, 5, "slots.recovered"),
        ] as [(StockLevel, Int64, String?)])
    func `what becomes short is told, and that it has recovered, and nothing in between`(
        told: StockLevel, ready: Int64, kind: String?
    ) {
        let news = Self.stock(ready: ready, told: ToldStock(level: told, crossing: 3)).news(at: Self.now)
        #expect(news?.kind == kind)
        #expect((news?.told.crossing ?? 3) == (told == .enough && kind != nil ? 4 : 3))
    }

    @Test func `with a watermark of nothing only an empty shelf is told of`() {
        #expect(Self.stock(ready: 1, lowStock: 0).news(at: Self.now) == nil)
        #expect(Self.stock(ready: 0, lowStock: 0).news(at: Self.now)?.kind == "slots.exhausted")
        let empty = ToldStock(level: .exhausted, crossing: 1)
        #expect(Self.stock(ready: 1, lowStock: 0, told: empty).news(at: Self.now)?.kind == "slots.recovered")
    }

    @Test func `a new network is given time until its ports are made`() throws {
        let young = try #require(Self.now.adding(milliseconds: 1 - NetworkStock.stockingMilliseconds))
        let old = try #require(Self.now.adding(milliseconds: -NetworkStock.stockingMilliseconds))
        #expect(Self.stock(ready: 0, told: nil, since: young).news(at: Self.now) == nil)
        #expect(Self.stock(ready: 0, told: nil, since: old).news(at: Self.now)?.kind == "slots.exhausted")
        #expect(Self.stock(ready: 1, told: nil, since: young).news(at: Self.now)?.kind == "slots.low")
        #expect(Self.stock(ready: 0, told: .nothing, since: young).news(at: Self.now) != nil)
    }

    /// However stock goes up and down and however often it is looked at, what is told of one crossing is: that it is
    /// low or exhausted, at most once each and in this order, and then that it has recovered.
    @Test func `for every course of a stock, each crossing is told once and ends with its recovery`() {
        for seed in 0..<500 as Range<UInt64> {
            var dice = SplitMix64(seed: seed)
            var told: ToldStock? = nil
            var events: [String] = []
            var kinds: [Int64: [String]] = [:]
            for _ in 0..<60 {
                let ready = Int64(dice.next() % 8)
                for look in 1...2 {
                    let news = Self.stock(ready: ready, told: told).news(at: Self.now)
                    #expect(news == nil || look == 1, "the second look finds nothing new")
                    guard let news else { continue }
                    told = news.told
                    events.append(news.once)
                    kinds[news.told.crossing, default: []].append(news.kind)
                }
                #expect((told ?? .nothing).level == .enough || ready < 5)
            }
            #expect(Set(events).count == events.count, "seed \(seed)")
            let allowed = [
                ["slots.low", "slots.recovered"], ["slots.low", "slots.exhausted", "slots.recovered"],
                ["slots.exhausted", "slots.recovered"],
            ]
            for (crossing, kinds) in kinds {
                #expect(
                    allowed.contains {
                        $0.starts(with: kinds) && (kinds == $0 || crossing == told?.crossing)
                    },
                    "seed \(seed), crossing \(crossing): \(kinds)")
            }
        }
    }
}
