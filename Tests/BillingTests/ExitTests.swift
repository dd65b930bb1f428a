import Billing
import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@Suite("Choosing an exit", .database)
struct ExitTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let country: String?
        let rotation: String?
        /// Country and rotation, or what is refused.
        let outcome: String
        var testDescription: String { "\(country ?? "-") \(rotation ?? "-") is \(outcome)" }
    }

    static let rows = [
        Row(country: nil, rotation: nil, outcome: "mixed instant"),
        Row(country: "nl", rotation: nil, outcome: "nl instant"),
        Row(country: nil, rotation: "5m", outcome: "mixed 5m"),
        Row(country: "nl", rotation: "5m", outcome: "nl 5m"),
        Row(country: "us", rotation: "5m", outcome: "refused us"),
        Row(country: "us", rotation: "7m", outcome: "refused us"),
        Row(country: "nl", rotation: "7m", outcome: "refused 7m"),
    ]

    @Test func `what is chosen is held against the plan, and stored`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let trio = try await Trio.open(market, in: market.alba, slots: [9, 9, 9])
            try await market.withEngine { engine in
                try await market.topUp(trio.shop.ann, 100_00, in: trio.shop, with: engine)
                for row in Self.rows {
                    let choice = ExitChoice(
                        country: row.country.flatMap(ExitCountry.init(rawValue:)),
                        rotation: row.rotation.flatMap(ExitRotation.init(rawValue:)))
                    let result = await market.race([market.purchase(trio, exit: choice)], on: engine)[0]
                    #expect(try await told(result, market, trio) == row.outcome)
                }
            }
        }
    }

    private func told(
        _ result: Result<Answer, EngineError>, _ market: Market, _ trio: Trio
    ) async throws -> String {
        switch result.refusal {
        case .exitCountryNotOffered(let country): return "refused \(country)"
        case .exitRotationNotOffered(let rotation): return "refused \(rotation)"
        case let refusal?: throw Surprise("\(refusal)")
        case nil: break
        }
        guard let issued = result.bought?.subscriptions.first, let exit = issued.exit else {
            throw Surprise("nothing was bought")
        }
        let stored: (String, Int32, Bool) = try await market.database.owner.run { connection in
            let row = try connection.query(
                """
                SELECT s.exit_country || ' ' || s.exit_rotation, a.rotation_minutes, a.rotates_at IS NULL
                FROM subscriptions s JOIN allocations a ON a.tenant_id = s.tenant_id AND a.subscription_id = s.id
                WHERE s.tenant_id = \(trio.shop.tenant) AND s.id = \(issued.id) AND a.sequence = 3
                """)[0]
            return (try row.get(0), try row.get(1), try row.get(2))
        }
        #expect(stored.0 == "\(exit.country) \(exit.rotation)")
        #expect(stored.1 == exit.rotation.minutes && stored.2 == (exit.rotation == .perConnection))
        return stored.0
    }

    @Test func `a plan without exits refuses a choice, before its price is looked at`() async throws {
        try await withDatabase { database in
            let market = try await Market.open(database)
            let shop = market.alba
            try await market.withEngine { engine in
                func buy(_ choice: ExitChoice?) -> Submission {
                    market.submission(
                        .purchase(
                            Purchase(
                                customer: shop.ann, plan: shop.nlPlan, networks: [shop.nl], exit: choice,
                                coupon: CouponCode("NOSUCH"))),
                        by: shop)
                }
                let nl = ExitCountry(rawValue: "nl")!
                let results = await market.race(
                    [
                        buy(ExitChoice(country: nl)), buy(ExitChoice(rotation: .perConnection)),
                        buy(ExitChoice()), buy(nil),
                    ], on: engine)
                #expect(
                    results.map(\.refusal) == [
                        .exitCountryNotOffered(nl), .exitRotationNotOffered(.perConnection), .couponUnknown,
                        .couponUnknown,
                    ])
            }
        }
    }
}
