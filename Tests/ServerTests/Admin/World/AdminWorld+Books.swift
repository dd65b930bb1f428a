import Billing
import Catalog
import Postgres
import Primitives
import Provisioning
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Which jobs were carried out, and for whom: instead of their work.
final class Errands: Sendable {
    private let stored = Mutex<[String]>([])

    func add(_ text: String) { stored.withLock { $0.append(text) } }

    var done: [String] { stored.withLock { $0 } }
}

struct Errand: Job {
    let name: JobName
    let errands: Errands

    func run(_ order: JobOrder, _ progress: JobProgress) async throws {
        errands.add("\(name.rawValue) of \(order.tenant?.slug ?? "all")")
        try progress.note([("done", 1)])
    }
}

/// What somebody bought.
struct Bought: Sendable {
    let customer: CustomerID
    let order: OrderID
    let subscription: SubscriptionID
}

extension AdminWorld {
    static let day: Int64 = 86_400_000

    /// Opens both tenants' books and the sandbox's, with two plans that take no port, and a gateway with three slots.
    static func openBooks(_ tenants: DoorTenants) async throws {
        let now = tenants.database.clock.now()
        let ids = SequentialIdentifiers(first: 500)
        try await tenants.database.owner.run { connection in
            for tenant in [TenantID(1), TenantID(2), TenantID(3)] {
                var ledger = LedgerWork(seed: UInt64(tenant.number), stock: SlotStock())
                try ledger.openTenant(
                    tenant, currency: .usd, wholesaleCreditLimit: Money(minor: 100_000_00, currency: .usd),
                    on: connection, at: now)
                for (code, price, wholesale) in [("basic", 10_00, 7_00), ("plus", 15_00, nil)]
                    as [(String, Int64, Int64?)]
                {
                    try plan(ids.next(at: now), code, price, wholesale, of: tenant, connection, now)
                }
                try gateway(ids, of: tenant, connection, now)
            }
            for tenant in [tenants.alba, tenants.brio] {
                var ledger = LedgerWork(seed: 7, stock: SlotStock())
                try ledger.openWallet(
                    of: tenant.customer, in: tenant.id, creditLimit: .zero(.usd), on: connection, at: now)
            }
        }
    }

    private static func plan(
        _ id: PlanID, _ code: String, _ price: Int64, _ wholesale: Int64?, of tenant: TenantID,
        _ connection: Connection, _ now: Instant
    ) throws {
        _ = try connection.query(
            """
            INSERT INTO plans
                (tenant_id, id, code, name, product, duration_ms, currency, price_minor, wholesale_minor, sells_in, version,
                 sort_order, created_at)
            VALUES (\(tenant), \(id), \(code), \(code), 'bandwidth', \(30 * day), 'USD', \(price), \(wholesale), '{gate}',
                1, 1, \(now))
            """)
        _ = try connection.query(
            """
            INSERT INTO plan_versions
                (tenant_id, plan_id, version, duration_ms, currency, price_minor, wholesale_minor, recorded_at)
            VALUES (\(tenant), \(id), 1, \(30 * day), 'USD', \(price), \(wholesale), \(now))
            """)
    }

    private static func gateway(
        _ ids: SequentialIdentifiers, of tenant: TenantID, _ connection: Connection, _ now: Instant
    ) throws {
        let (network, gateway): (NetworkID, GatewayID) = (ids.next(at: now), ids.next(at: now))
        _ = try connection.query(
            """
            INSERT INTO networks (tenant_id, id, code, city, country, type, exit_class, created_at)
            VALUES (\(tenant), \(network), 'NL-AMS', 'Amsterdam', 'NL', 'mobile', 'mobile_4g', \(now))
            """)
        _ = try connection.query(
            """
            INSERT INTO gateways
                (tenant_id, id, name, network_id, host, first_port, last_port, protocols, driver, created_at)
            VALUES (\(tenant), \(gateway), 'ams-1', \(network), \("gw\(tenant).test"), 12001, 12003, '{http}', 'simulated',
                \(now))
            """)
        for (port, state) in [(12_001, "ready"), (12_002, "ready"), (12_003, "quarantined")]
            as [(Int32, String)]
        {
            let slot: SlotID = ids.next(at: now)
            _ = try connection.query(
                """
                INSERT INTO slots (tenant_id, id, gateway_id, network_id, port, state, rank, username, secret,
                    secret_version, secret_since, revision, state_since)
                VALUES (\(tenant), \(slot), \(gateway), \(network), \(port), \(state), \(Int64(port)), 'u', '\\x00', 1,
                    \(now), 0, \(now))
                """)
        }
    }

    /// A new customer with a wallet.
    func customer(_ name: String, in owner: TenantID, balance: Int64 = 100_00) async throws -> CustomerID {
        let work = OperatorWork(
            pool: database.owner, identifiers: admin.ids, random: SystemRandom(), actor: "operator test")
        let slug = ["alba", "brio", "alba-sandbox"][Int(owner.number) - 1]
        let made = try await work.createCustomer(email: "\(name)@example.test", username: name, of: slug)
        if balance > 0 {
            _ = try await work.credit(
                name, of: slug, amount: Money(minor: balance, currency: .usd), reference: "start \(name)",
                reason: "a transfer")
        }
        return made.id
    }

    /// Lets a customer buy one month of a plan at a door.
    func buy(_ plan: String = "basic", for customer: CustomerID, in owner: TenantID) async throws -> Bought {
        let (ids, now) = (admin.ids, clock.now())
        return try await database.owner.transaction(tenant: nil) { transaction in
            let id: PlanID = try transaction.query(
                "SELECT id FROM plans WHERE tenant_id = \(owner) AND code = \(plan)")[0].get(0)
            var ledger = LedgerWork(seed: .random(in: 0 ... .max), stock: SlotStock())
            let submission = Submission(
                id: ids.next(at: now), tenant: owner, principal: nil, dialect: DialectName(rawValue: "gate"),
                command: .purchase(Purchase(customer: customer, plan: id, networks: [])))
            let result = try ledger.carryOut([submission], on: transaction.connection, at: now)[0]
            guard case .success(.done(.bought(let receipt))) = result else {
                throw Unbought(what: "\(result)")
            }
            return Bought(
                customer: customer, order: receipt.order, subscription: receipt.subscriptions[0].id)
        }
    }

    private struct Unbought: Error {
        let what: String
    }

    /// What is on a customer's wallet, in minor units.
    func balance(of customer: CustomerID, in owner: TenantID) async throws -> Int64 {
        try await database.owner.run { connection in
            try connection.query(
                "SELECT balance_minor FROM accounts WHERE tenant_id = \(owner) AND owner_id = \(customer)")[0]
                .get(0)
        }
    }

    func park(_ subscription: SubscriptionID, in owner: TenantID) async throws {
        try await tenants.execute(
            """
            UPDATE subscriptions SET renews_at = NULL, parked_at = \(clock.now()), parked_reason = 'insufficient_balance'
            WHERE tenant_id = \(owner) AND id = \(subscription)
            """)
    }

    func gateway(of owner: TenantID) async throws -> GatewayID {
        try await database.owner.run { connection in
            try connection.query("SELECT id FROM gateways WHERE tenant_id = \(owner)")[0].get(0)
        }
    }
}
