import Billing
import Foundation
import TestSupport
import Testing

@Suite("A COMMIT's answer is cut", .database)
struct CutCommitTests {
    /// Whatever part of the answer arrives, the command was carried out once and its caller hears of it.
    @Test func `cut at every byte of its answer, a COMMIT is neither lost nor done twice`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database, slots: 1_500)
            async let even = cuts(in: market.alba, of: market, from: 0)
            async let odd = cuts(in: market.brio, of: market, from: 1)
            let offsets = try await [even, odd]
            // Both have come to the answer's end, which is about the same for both.
            #expect(offsets.allSatisfy { $0 > 200 })
        }
    }

    /// Buys with every second offset until an answer arrives whole; returns how long it was at most.
    private func cuts(in shop: Shop, of market: Market, from first: Int) async throws -> Int {
        let proxy = try CuttingProxy(serverDirectory: market.database.server.socketDirectory)
        defer { proxy.stop() }
        let offset = Noted(first)
        let wasCut = Noted(true)
        let engine = market.engine(
            configuration: market.configuration(through: proxy),
            onStep: { step in
                // The writes and COMMIT leave in the next moment, and nothing else is on its way.
                if step == .written { proxy.set(.cuttingAnswers(after: offset.current)) }
                if step == .committed {
                    wasCut.note { $0 = false }
                    proxy.set(.passing)
                }
            })
        try await market.withEngine { try await market.topUp(shop.ann, 1_500 * 12_00, in: shop, with: $0) }
        var bought = 0
        while true {
            wasCut.note { $0 = true }
            let submission = market.purchase(shop, key: "cut-\(offset.current)")
            let result = await market.race([submission], on: engine)[0]
            guard result.isCarriedOut else { throw Surprise("offset \(offset.current): \(result)") }
            bought += 1
            guard try await market.count("orders", of: shop) == bought else {
                throw Surprise("offset \(offset.current): not once")
            }
            guard wasCut.current else { break }
            // Asked again, it is the same answer.
            if offset.current % 16 < 2 {
                let again = await market.race(
                    [market.purchase(shop, key: "cut-\(offset.current)")], on: engine)[0]
                guard case .success(.replayed) = again else {
                    throw Surprise("offset \(offset.current): \(again)")
                }
            }
            offset.note { $0 += 2 }
        }
        await engine.stop()
        #expect(try await market.balance(of: shop.ann, in: shop) == Int64(1_500 - bought) * 12_00)
        #expect(try await market.count("allocations", of: shop) == bought)
        #expect(try await market.count("idempotency_keys", of: shop) == bought)
        return offset.current
    }
}
