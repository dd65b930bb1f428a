import Billing
import Catalog
import Foundation
import Postgres
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("Services, read and changed", .database)
struct ServiceTests {
    private struct Stall: Sendable {
        let market: Market
        let trio: Trio
        let holdings: Holdings
        let changes: ConnectionChanges

        init(_ database: TestDatabase) async throws {
            market = try await Market.open(database)
            trio = try await Trio.open(market, in: market.alba, slots: [9, 9, 9])
            let doors = database.pool(.door, threads: 2)
            holdings = Holdings(pool: doors, seal: .market)
            let answers = RememberedAnswers(
                Seal(InstallationKey(id: 1, bytes: [UInt8](repeating: 7, count: 32))!))
            changes = ConnectionChanges(
                changes: IdempotentConnectionChange(
                    pool: doors, answers: answers, ids: ProcessIdentifiers(seed: 5)),
                connections: Connections(seal: .market, random: SeededRandom(seed: 6)), pool: doors,
                seal: .market)
        }

        var shop: Shop { trio.shop }

        func service(_ id: SubscriptionID, of customer: CustomerID? = nil) async throws -> HeldService? {
            try await holdings.service(
                id, of: customer ?? shop.ann, of: shop.tenant, in: .storefront)
        }

        func page(
            _ status: ServiceStatus = .all, product: String? = nil, before: SubscriptionID? = nil,
            limit: Int = 50
        ) async throws -> Page<HeldService, SubscriptionID>? {
            try await holdings.services(
                ServiceQuery(status: status, product: product, before: before, limit: limit), of: shop.ann,
                of: shop.tenant, in: .storefront, at: market.now)
        }

        func subject(_ id: SubscriptionID) -> ConnectionChanges.Subject {
            ConnectionChanges.Subject(
                id,
                of: Principal(
                    tenant: shop.tenant, dialect: .storefront, customer: shop.ann, id: shop.annKey,
                    kind: .apiKey(trials: false, scopes: [])))
        }

        /// The catalogue as a door has it.
        func catalogue() async throws -> TenantCatalogue {
            let networks = try await market.database.owner.run { [tenant = shop.tenant] connection in
                try NetworkStore.networks(try connection.query(NetworkStore.all(of: tenant)))
            }
            let gateways = trio.gateways.enumerated().map { place, gateway in
                (
                    gateway,
                    GatewayShape(host: "\(shop.slug)-trio-\(place)", protocols: ["http", "socks5"])
                )
            }
            return TenantCatalogue(
                tenant: Tenant(
                    id: shop.tenant, slug: shop.slug, name: shop.slug, currency: shop.currency,
                    timezone: "UTC", graceMilliseconds: 0),
                plans: [], networks: networks, gatewaysByID: Dictionary(uniqueKeysWithValues: gateways))
        }
    }

    @Test func `a service has one login and a line for each port, told at once as it is read later`()
        async throws
    {
        try await withDatabase { database in
            let stall = try await Stall(database)
            try await stall.market.withEngine { engine in
                try await stall.market.topUp(stall.shop.ann, 100_00, in: stall.shop, with: engine)
                let receipt = try #require(
                    try await engine.submit(stall.market.purchase(stall.trio, quantity: 2)).bought)
                let delivery = Delivery(catalogue: try await stall.catalogue(), seal: .market)
                for told in try delivery.services(of: receipt) {
                    let read = try #require(try await stall.service(told.id))
                    #expect(read == told)
                    #expect(read.lines.map(\.network.code) == ["T0", "T1", "T2"])
                    #expect(read.lines.map(\.gateway.host) == (0..<3).map { "alba-trio-\($0)" })
                    #expect(read.threads == 100 && read.product == "proxy" && read.login != nil)
                    #expect(read.isActive(at: stall.market.now) && read.allowList.isEmpty)
                }
                let id = receipt.subscriptions[0].id
                #expect(try await stall.service(id, of: stall.shop.ben) == nil)
                #expect(
                    try await stall.holdings.service(
                        id, of: stall.shop.ann, of: stall.market.brio.tenant, in: .storefront) == nil)
                #expect(
                    try await stall.holdings.service(
                        id, of: stall.shop.ann, of: stall.shop.tenant, in: DialectName(rawValue: "gate"))
                        == nil)
            }
        }
    }

    @Test func `pages go from the newest on, by status and product, and know a stranger's cursor`()
        async throws
    {
        try await withDatabase { database in
            let stall = try await Stall(database)
            let market = stall.market
            try await market.withEngine { engine in
                try await market.topUp(stall.shop.ann, 500_00, in: stall.shop, with: engine)
                try await market.topUp(stall.shop.ben, 100_00, in: stall.shop, with: engine)
                var ids: [SubscriptionID] = []
                for _ in 0..<3 {
                    ids.append(
                        try #require(try await engine.submit(market.purchase(stall.trio)).bought)
                            .subscriptions[0].id)
                    market.clock.advance(days: 1)
                }
                let week = market.purchase(stall.shop, plan: stall.shop.weekPlan)
                let short = try #require(try await engine.submit(week).bought)
                let theirs = try #require(
                    try await engine.submit(market.purchase(stall.trio, by: stall.shop.ben)).bought)
                let refund = Refund(customer: stall.shop.ann, order: short.order)
                _ = try await engine.submit(market.submission(.refund(refund), by: stall.shop))
                // The first of the three is over by the clock, its slots not taken back yet.
                market.clock.advance(days: 27)
                ids.append(short.subscriptions[0].id)

                func told(_ page: Page<HeldService, SubscriptionID>?) -> [Int]? {
                    page?.items.map { ids.firstIndex(of: $0.id) ?? -1 }
                }
                #expect(told(try await stall.page(.all)) == [3, 2, 1, 0])
                #expect(told(try await stall.page(.active)) == [2, 1])
                #expect(told(try await stall.page(.expired)) == [3, 0])
                #expect(told(try await stall.page(.all, product: "bandwidth")) == [])
                #expect(told(try await stall.page(.active, product: "proxy")) == [2, 1])
                let first = try await stall.page(.all, limit: 3)
                #expect(told(first) == [3, 2, 1] && first?.next == ids[1])
                #expect(first?.items[1].lines.count == 3)
                let last = try await stall.page(.all, before: ids[1], limit: 3)
                #expect(told(last) == [0] && last?.next == nil)
                #expect(told(try await stall.page(.all, limit: 4)) == [3, 2, 1, 0])
                #expect(try await stall.page(.all, limit: 4)?.next == nil)
                #expect(told(try await stall.page(.all, before: ids[0])) == [])
                #expect(try await stall.page(.all, before: theirs.subscriptions[0].id) == nil)

                let ended = try #require(try await stall.service(ids[3]))
                #expect(ended.isEnded && ended.lines.isEmpty && ended.login == nil)
                let expired = try #require(try await stall.service(ids[0]))
                #expect(!expired.isEnded && !expired.isActive(at: market.now) && expired.lines.count == 3)
            }
        }
    }

    @Test func `changes answer with the service, once per key, and leave their events`() async throws {
        try await withDatabase { database in
            let stall = try await Stall(database)
            try await stall.market.withEngine { engine in
                try await stall.market.topUp(stall.shop.ann, 100_00, in: stall.shop, with: engine)
                let bought = try #require(try await engine.submit(stall.market.purchase(stall.trio)).bought)
                let subject = stall.subject(bought.subscriptions[0].id)
                let claim = IdempotentConnectionChange.Claim(
                    key: IdempotencyKey("list")!, fingerprint: [UInt8](repeating: 1, count: 32))
                let render: @Sendable (HeldService) -> [UInt8] = { service in
                    let list = service.allowList.map { "\($0.address)=\($0.label?.rawValue ?? "")" }
                    return Array("\(service.exit!.country) \(service.exit!.rotation) \(list)".utf8)
                }
                func text(_ answer: IdempotentConnectionChange.Answer) -> String {
                    String(decoding: answer.body, as: UTF8.self)
                }
                let sources = [
                    AllowedSource(
                        SourceAddress(rawValue: "192.0.2.7")!, label: SourceLabel(rawValue: "home")),
                    AllowedSource(SourceAddress(rawValue: "192.0.2.1")!),
                ]
                let listed = try await stall.changes.replaceAllowList(
                    with: sources, limit: 50, subject, claim: claim, render: render)
                #expect(text(listed) == #"mixed instant ["192.0.2.7=home", "192.0.2.1="]"#)
                let moved = try await stall.changes.setExit(
                    country: ExitCountry(rawValue: "nl")!, subject, claim: nil, render: render)
                #expect(text(moved).hasPrefix("nl instant ["))
                let again = try await stall.changes.replaceAllowList(
                    with: sources, limit: 50, subject, claim: claim, render: render)
                #expect(again.isReplayed && text(again) == text(listed))
                let timed = try await stall.changes.setExit(
                    rotation: .every(minutes: 5), subject, claim: nil, render: render)
                #expect(text(timed).hasPrefix("nl 5m ["))
                await #expect(throws: ConnectionChangeError.self) {
                    try await stall.changes.setExit(
                        country: ExitCountry(rawValue: "us")!, subject, claim: nil, render: render)
                }
                // What changed is kept by a renewal.
                _ = try await engine.submit(
                    stall.market.renewal(stall.shop, of: bought.subscriptions[0].id, plan: stall.trio.plan))
                let renewed = try #require(try await stall.service(bought.subscriptions[0].id))
                #expect(renewed.allowList == sources && renewed.exit?.rotation == .every(minutes: 5))
            }
            let events: [String] = try await database.owner.run { connection in
                try connection.query(
                    "SELECT kind FROM outbox_events WHERE kind LIKE 'allow%' OR kind LIKE 'exit%' ORDER BY id"
                ).map { try $0.get(0) }
            }
            #expect(events == ["allowlist.replaced", "exit.country_changed", "exit.rotation_changed"])
        }
    }
}
