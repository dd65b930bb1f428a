import Billing
import Catalog
import Postgres
import Primitives
import TestSupport

/// What one shop sells on three networks at once: a plan with three slots, and single ones on each network.
struct Trio: Sendable {
    let shop: Shop
    /// In the plan's order, which is not the order of their ids.
    let networks: [NetworkID]
    let gateways: [GatewayID]
    let plan: PlanID
    let singlePlans: [PlanID]

    static let price: Int64 = 9_00
    private static let month: Int64 = 30 * 86_400_000

    /// Opens the plan with so many ready slots on each of its networks.
    static func open(_ market: Market, in shop: Shop, slots: [Int]) async throws -> Trio {
        let made: [NetworkID] = slots.map { _ in market.ids.next(at: market.now) }
        let trio = Trio(
            shop: shop, networks: made.reversed(),
            gateways: slots.map { _ in market.ids.next(at: market.now) },
            plan: market.ids.next(at: market.now),
            singlePlans: slots.map { _ in market.ids.next(at: market.now) })
        try await market.database.owner.run { connection in
            try connection.withTransaction { try trio.write(on: $0, slots, market.ids, market.now) }
        }
        return trio
    }

    private func write(
        on connection: Connection, _ slots: [Int], _ ids: ProcessIdentifiers, _ now: Instant
    ) throws {
        for (place, network) in networks.enumerated() {
            _ = try connection.query(
                """
                INSERT INTO networks (tenant_id, id, code, city, country, type, exit_class, created_at)
                VALUES (\(shop.tenant), \(network), \("T\(place)"), 'Town', 'NL', 'datacenter', 'datacenter', \(now))
                """)
            _ = try connection.query(
                """
                INSERT INTO gateways
                    (tenant_id, id, name, network_id, host, first_port, last_port, protocols, driver, created_at)
                VALUES (\(shop.tenant), \(gateways[place]), \("trio-\(place)"), \(network),
                    \("\(shop.slug)-trio-\(place)"), 12001, 13000, '{http,socks5}', 'simulated', \(now))
                """)
            try shop.stock(gateways[place], network, slots[place], on: connection, ids, now)
            try sell([network], singlePlans[place], "single-\(place)", 1_00, [], [], on: connection, now)
        }
        try sell(
            networks, plan, "trio", Self.price, ["mixed", "nl"], ["instant", "5m"], on: connection, now)
    }

    private func sell(
        _ networks: [NetworkID], _ plan: PlanID, _ code: String, _ price: Int64, _ exits: [String],
        _ rotations: [String], on connection: Connection, _ now: Instant
    ) throws {
        _ = try connection.query(
            """
            INSERT INTO plans
                (tenant_id, id, code, name, product, connection, network_ids, duration_ms, currency, price_minor,
                 exits, exit_rotations, threads, trial_ms, sells_in, version, sort_order, created_at)
            VALUES (\(shop.tenant), \(plan), \(code), \(code), 'proxy', 'private', \(networks), \(Self.month),
                \(shop.currency.code), \(price), \(exits), \(rotations), 100, 3600000,
                ARRAY[\(DialectName.storefront.rawValue)], 1, 1, \(now))
            """)
        _ = try connection.query(
            """
            INSERT INTO plan_versions (tenant_id, plan_id, version, duration_ms, currency, price_minor, recorded_at)
            VALUES (\(shop.tenant), \(plan), 1, \(Self.month), \(shop.currency.code), \(price), \(now))
            """)
    }
}

extension Market {
    func purchase(
        _ trio: Trio, by customer: CustomerID? = nil, quantity: Int64 = 1, exit: ExitChoice? = nil,
        believing networks: [NetworkID]? = nil, key: String? = nil
    ) -> Submission {
        submission(
            .purchase(
                Purchase(
                    customer: customer ?? trio.shop.ann, plan: trio.plan,
                    networks: networks ?? trio.networks, exit: exit, quantity: Quantity(quantity)!)),
            by: trio.shop, key: key)
    }

    /// One slot on one of the three networks.
    func single(_ place: Int, of trio: Trio) -> Submission {
        purchase(trio.shop, plan: trio.singlePlans[place], network: trio.networks[place])
    }

    /// How many slots of each network are in a state.
    func slots(_ state: String, of trio: Trio) async throws -> [Int] {
        try await database.owner.run { connection in
            try trio.networks.map { network in
                try connection.query(
                    """
                    SELECT count(*) FROM slots
                    WHERE tenant_id = \(trio.shop.tenant) AND network_id = \(network) AND state = \(state)
                    """)[0].get(0)
            }
        }
    }
}
