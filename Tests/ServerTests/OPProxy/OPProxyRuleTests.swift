import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("OP-Proxy rules")
struct OPProxyRuleTests {
    private static let currency = Currency("RUB")!

    private func plan(
        _ product: String = "ipv6_rotating", price: Int64? = 900_00,
        duration: PlanDuration? = .fixed(milliseconds: 30 * 86_400_000),
        threads: Int32? = 200, sellsIn: Set<DialectName> = [OPProxy.name], networks: Int = 3
    ) -> Plan {
        Plan(
            id: PlanID(bits: .zero), tenant: TenantID(1), code: "p", name: "P", product: product,
            networks: (0..<networks).map { NetworkID(bits: IdentifierBits(high: UInt64($0), low: 0)) },
            duration: duration, currency: Self.currency,
            price: price.map { Money(minor: $0, currency: Self.currency) }, threads: threads,
            exits: ["mixed", "nl", "us"].compactMap(ExitCountry.init),
            exitRotations: [.perConnection, .every(minutes: 5)], sellsIn: sellsIn)
    }

    private func fields(_ body: JSON) -> OPProxy.Fields {
        OPProxy.Fields(members: body.objectValue!, of: body)
    }

    @Test func `a plan is told of where the vendor's shapes can tell it`() {
        #expect(OPProxy.Offer(plan())?.price == 900)
        #expect(OPProxy.Offer(plan())?.days(at: ManualClock.start, in: nil) == 30)
        #expect(OPProxy.Offer(plan(duration: .months(1)))?.price == 900)
        #expect(OPProxy.Offer(plan("ipv4_rotating"))?.type == .ipv4)
        #expect(OPProxy.Offer(plan("proxy")) == nil)
        #expect(OPProxy.Offer(plan(price: 900_50)) == nil)
        #expect(OPProxy.Offer(plan(price: nil)) == nil)
        #expect(OPProxy.Offer(plan(duration: .fixed(milliseconds: 43_200_000))) == nil)
        #expect(OPProxy.Offer(plan(duration: nil)) == nil)
        #expect(OPProxy.Offer(plan(threads: nil)) == nil)
        #expect(OPProxy.Offer(plan(sellsIn: [Gate.name])) == nil)
        #expect(OPProxy.Offer(plan(networks: 0)) == nil)
    }

    /// Days as the tenant's calendar counts them, whatever their hours.
    @Test(
        arguments: [
            ("Europe/Moscow", "2026-01-31T00:00:00Z", 1, 28),
            ("Europe/Moscow", "2026-03-31T12:00:00Z", 1, 30),
            ("UTC", "2027-12-31T00:00:00Z", 2, 60), ("Europe/Amsterdam", "2026-03-15T00:00:00Z", 1, 31),
            // 1 February already, and the 28 days after it.
            ("Pacific/Kiritimati", "2026-01-31T10:30:00Z", 1, 28),
            ("America/New_York", "2026-10-31T12:00:00Z", 12, 365),
        ] as [(String, String, Int32, Int64)])
    func `a calendar plan is shown with the days of the period that would begin now`(
        zone: String, now: String, months: Int32, days: Int64
    ) throws {
        let offer = try #require(OPProxy.Offer(plan(duration: .months(months))))
        let now = try #require(Instant(rfc3339: now))
        let known = try ZoneDatabase.machine.zone(named: zone)
        #expect(offer.days(at: now, in: known) == days)
        #expect(offer.days(at: now, in: nil) == nil, "nobody can tell where the zone is not known")
    }

    @Test(
        arguments: [
            ("RUB", 1499_99, 1499), ("RUB", 0, 0), ("RUB", -1, -1), ("RUB", -100, -1), ("RUB", -101, -2),
            ("JPY", 900, 900), ("KWD", 1_999, 1), ("CLF", 19_999, 1),
        ] as [(String, Int64, Int64)])
    func `a balance is whole units, rounded down, in every scale`(code: String, minor: Int64, units: Int64) {
        #expect(OPProxy.flooredUnits(Money(minor: minor, currency: Currency(code)!)) == units)
    }

    @Test(
        arguments: [
            (OPProxy.ServiceType.ipv6, "nl", "5m", "nl 5m"), (.ipv6, nil, nil, "- -"),
            (.ipv6, "de", "5m", "country_unavailable"), (.ipv6, "nl", "7m", "invalid_rotation"),
            (.ipv6, "nl", "often", "invalid_rotation"), (.ipv6, "de", "often", "country_unavailable"),
            (.ipv4, "nl", "instant", "nl instant"), (.ipv4, "nl", "5m", "unsupported_for_type"),
            (.ipv4, "de", "5m", "country_unavailable"),
        ] as [(OPProxy.ServiceType, String?, String?, String)])
    func `a plan's own offers say what may be chosen`(
        type: OPProxy.ServiceType, country: String?, rotation: String?, outcome: String
    ) throws {
        var order = try OPProxy.PurchaseOrder(
            fields(["type": .string(type.rawValue), "plan_id": .string(String(repeating: "0", count: 24))]))
        (order.country, order.rotation) = (country, rotation)
        do throws(OPProxy.Problem) {
            let choice = try order.choice(from: plan(type.rawValue))
            #expect("\(choice.country?.rawValue ?? "-") \(choice.rotation?.rawValue ?? "-")" == outcome)
        } catch {
            #expect(error.code.rawValue == outcome)
        }
    }

    @Test func `a plan of the other type is no plan`() throws {
        let order = try OPProxy.PurchaseOrder(
            fields(["type": "ipv4_rotating", "plan_id": .string(String(repeating: "0", count: 24))]))
        #expect(throws: OPProxy.Problem.invalidPlanID) { try order.choice(from: plan("ipv6_rotating")) }
    }

    @Test(
        arguments: [
            ("mixed", nil, "nl de at"), ("de", nil, "de"), ("us", nil, "nl de at"), ("de", "nl", "nl"),
            ("mixed", "at", "at"), ("mixed", "us", "country_unavailable"),
        ] as [(String, String?, String)])
    func `a list shows the gateway of its country, or all`(exit: String, country: String?, shown: String) {
        let gateways = OPProxy.Gateways(
            ["nl", "de", "at"].map {
                OPProxy.Wire.ProxyServer(host: "\($0).example.com", port: 1, country: $0)
            },
            exit: exit)
        do throws(OPProxy.Problem) {
            #expect(try gateways.servers(in: country).map(\.country).joined(separator: " ") == shown)
        } catch {
            #expect(error.code.rawValue == shown)
        }
    }

    @Test func `lines are laid out as the vendor says`() {
        var list = OPProxy.ProxyList(
            serviceID: "s", type: "ipv4_rotating", country: "mixed",
            servers: [
                OPProxy.Wire.ProxyServer(host: "a.example.com", port: 1, country: "nl"),
                OPProxy.Wire.ProxyServer(host: "b.example.com", port: 2, country: "de"),
            ], auth: OPProxy.Wire.Auth(login: "u", password: "p"), layout: .hostFirst)
        func text() -> String { String(decoding: list.text, as: UTF8.self) }
        #expect(text() == "a.example.com:1:u:p\nb.example.com:2:u:p\n")
        list.layout = .userFirst
        #expect(text() == "u:p@a.example.com:1\nu:p@b.example.com:2\n")
        list.auth = nil
        #expect(text() == "a.example.com:1\nb.example.com:2\n")
        list.servers = []
        #expect(text() == "")
    }
}
