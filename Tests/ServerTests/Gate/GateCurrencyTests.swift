import Billing
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gate currencies", .database)
struct GateCurrencyTests {
    /// ISO 4217 has currencies of no, two, three and four digits; the gate shows minor units and never a scale.
    @Test(arguments: ["JPY", "USD", "KWD", "CLF"])
    func `minor units are listed, charged and discounted as they are`(code: String) async throws {
        let currency = try #require(Currency(code))
        try await withDatabase { database in
            try await GateWorld.with(database) { world in
                let (alba, now) = (world.alba, world.clock.now())
                let plan: PlanID = world.ids.next(at: now)
                let carla = GateCustomer("carla", of: alba.slug, trials: false, world.ids, now)
                try await database.owner.run { connection in
                    try connection.withTransaction { connection in
                        var ledger = LedgerWork(seed: 9, stock: SlotStock())
                        if currency != .usd {
                            try ledger.openTenant(
                                alba.id, currency: currency, wholesaleCreditLimit: .zero(currency),
                                on: connection, at: now)
                        }
                        try alba.write(carla, &ledger, in: currency, on: connection, at: now)
                        let terms = GateTenant.Terms(plan, "own", alba.amsterdam, 30, 12_345, currency: code)
                        try alba.write(terms, connection, now)
                    }
                }
                try await world.topUp(alba, carla, 100_000, currency)

                let plans = try await world.get("op=plans", by: carla, of: alba).json["plans"]?.arrayValue
                let own = plans?.first { $0["id"]?.stringValue == plan.gate }
                #expect(own?["priceAmountCents"] == 12_345)
                if currency != .usd { #expect(plans?.count == 1) }
                let bought = try await world.post(
                    #"{"op":"purchase","planId":"\#(plan.gate)","couponCode":"WELCOME20","quantity":3}"#,
                    by: carla,
                    of: alba)
                #expect(bought.outcome == "200", "\(bought.body)")
                #expect(try await world.balance(alba, carla) == 100_000 - (37_035 - 7_407))
            }
        }
    }
}
