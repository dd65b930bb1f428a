import Primitives
import TestSupport
import Testing

@testable import Provisioning

@Suite("Stock plans")
struct StockPlanTests {
    private func gateway(_ ports: ClosedRange<Int32>?, vless: Int32?, shadowsocks: Int32?) -> GatewayRecord {
        let identifiers = SequentialIdentifiers()
        return GatewayRecord(
            tenant: TenantID(1), id: identifiers.next(at: ManualClock.start), name: "ams-1",
            network: identifiers.next(at: ManualClock.start),
            shape: GatewayShape(
                host: "h", protocols: ["http"], vlessPort: vless, shadowsocksPort: shadowsocks),
            ports: ports, driver: "simulated", isActive: true, desiredVersion: 0
        )
    }

    /// `tollgate apply` refuses such a range; a row that came another way must not sell the gateway's own port.
    @Test(
        arguments: [(102, 103, [102, 103]), (103, 99, [103]), (nil, 104, []), (101, nil, [101])]
            as [(Int32?, Int32?, [Int32])])
    func `ports that the gateway needs for itself are not lent`(
        _ vless: Int32?, _ shadowsocks: Int32?, _ reserved: [Int32]
    ) {
        #expect(StockPlan(gateway(101...103, vless: vless, shadowsocks: shadowsocks)).reserved == reserved)
    }

    @Test func `a shared gateway has no stock of single ports`() {
        let plan = StockPlan(gateway(nil, vless: 1, shadowsocks: 2))
        #expect(plan.ports == nil && plan.reserved.isEmpty)
    }
}

@Suite("Setbacks")
struct SetbackTests {
    private let t0 = ManualClock.start

    @Test func `a failure is left alone for its wait, and a clock that jumped back does not prolong it`() {
        var setback = Setback()
        #expect(setback.isOver(at: t0))
        setback.fail(at: t0, .standard)
        #expect(!setback.isOver(at: t0.adding(milliseconds: 999)!))
        #expect(setback.isOver(at: t0.adding(milliseconds: 1_000)!))
        #expect(setback.isOver(at: t0.adding(milliseconds: -1)!))
    }
}
