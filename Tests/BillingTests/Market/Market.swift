import Billing
import Catalog
import Logging
import Postgres
import Primitives
import Provisioning
import Server
import TestSupport

/// A cast for the money path: two tenants whose customers, plans and coupons have the same names.
///
/// Alba and Brio each sell `nl` (12.00) and `de` (14.00) of 30 days, `week` (4.00 of 7 days, network NL) and the
/// wholesale-priced `resold` (10.00, wholesale 7.00), and know Ann and Ben.
final class Market: Sendable {
    let database: TestDatabase
    let alba: Shop
    let brio: Shop
    let ids = ProcessIdentifiers(seed: 7)

    var clock: ManualClock { database.clock }
    var now: Instant { clock.now() }

    /// Opens both shops with so many ready slots on each of their two networks.
    static func open(
        _ database: TestDatabase, currency: Currency = .usd, slots: Int = 20, priceMinor: Int64 = 12_00
    ) async throws -> Market {
        let ids = ProcessIdentifiers(seed: 11)
        let start = database.clock.now()
        let alba = Shop(TenantID(1), "alba", currency, ids, start, priceMinor)
        let brio = Shop(TenantID(2), "brio", currency, ids, start, priceMinor)
        for shop in [alba, brio] {
            try await database.owner.run { connection in
                try connection.withTransaction { try shop.open(on: $0, slots: slots, ids: ids, at: start) }
            }
        }
        return Market(database, alba, brio)
    }

    private init(_ database: TestDatabase, _ alba: Shop, _ brio: Shop) {
        self.database = database
        self.alba = alba
        self.brio = brio
    }

    /// An engine on this market's database; stop it before the test ends.
    func engine(
        _ settings: EngineSettings = EngineSettings(), seed: UInt64 = 1, clock: (any WallClock)? = nil,
        configuration: PostgresConfiguration? = nil,
        onStep: @escaping @Sendable (EngineStep) throws -> Void = { _ in }
    ) -> Engine {
        Engine(
            configuration: configuration ?? database.configuration(role: .engine),
            stock: SlotStock(seal: .market),
            clock: clock ?? self.clock, seed: seed, settings: settings, logger: .quiet, onStep: onStep)
    }

    /// Runs a body with an engine that is stopped afterwards.
    func withEngine<T>(
        _ settings: EngineSettings = EngineSettings(), _ body: (Engine) async throws -> T
    ) async throws -> T {
        let engine = engine(settings)
        do {
            let value = try await body(engine)
            await engine.stop()
            return value
        } catch {
            await engine.stop()
            throw error
        }
    }

    func submission(
        _ command: Command, by shop: Shop, key: String? = nil, fingerprint: UInt8 = 1,
        principal: PrincipalID? = nil
    ) -> Submission {
        Submission(
            id: ids.next(at: now), tenant: shop.tenant, principal: principal ?? shop.annKey,
            dialect: .storefront,
            command: command,
            idempotency: key.map { key in
                IdempotencyClaim(key: key, fingerprint: [UInt8](repeating: fingerprint, count: 32)) {
                    outcome in
                    RememberedAnswer(status: 200, sealed: Array("\(outcome.summary)".utf8))
                }
            })
    }

    /// So many more customers of a shop, with empty wallets.
    func addCustomers(_ count: Int, to shop: Shop) async throws -> [CustomerID] {
        let now = now
        let customers: [CustomerID] = (0..<count).map { _ in ids.next(at: now) }
        let seed = ids.next(at: now, of: CommandSubject.self).bits.low
        try await database.owner.run { connection in
            var work = LedgerWork(seed: seed, stock: SlotStock())
            try connection.withTransaction { connection in
                for (place, customer) in customers.enumerated() {
                    _ = try connection.query(
                        """
                        INSERT INTO customers (tenant_id, id, email, username, currency, created_at)
                        VALUES (\(shop.tenant), \(customer), \("more-\(place)@example.com"), \("more-\(place)"),
                            \(shop.currency.code), \(now))
                        """)
                    try work.openWallet(
                        of: customer, in: shop.tenant, creditLimit: .zero(shop.currency), on: connection,
                        at: now)
                }
            }
        }
        return customers
    }

    func count(_ table: String, of shop: Shop) async throws -> Int {
        try await database.owner.run { connection in
            try connection.query(
                Statement("SELECT count(*) FROM \(table) WHERE tenant_id = $1", [shop.tenant]))[0].get(0)
        }
    }

    /// A wallet's balance in minor units.
    func balance(of customer: CustomerID, in shop: Shop) async throws -> Int64 {
        try await ledgerBalance("wallet", owner: customer.bits, in: shop)
    }

    func ledgerBalance(_ role: String, owner: IdentifierBits = .zero, in shop: Shop) async throws -> Int64 {
        try await database.owner.run { connection in
            try connection.query(
                Statement(
                    "SELECT balance_minor FROM accounts WHERE tenant_id = $1 AND owner_id = $2 AND role = $3",
                    [shop.tenant, owner, role]))[0].get(0)
        }
    }
}

extension Outcome {
    /// What a remembered answer says in these tests.
    var summary: String {
        switch self {
        case .bought(let receipt): "bought \(receipt.subscriptions.map(\.id))"
        case .renewed(let receipt): "renewed until \(receipt.activeUntil.milliseconds)"
        case .refunded(let receipt): "refunded \(receipt.amount.minor)"
        case .cancelled(let receipt): "cancelled for \(receipt.refund.minor)"
        case .changed(let receipt): "changed for \(receipt.net.minor)"
        case .moved(let receipt): "moved \(receipt.amount.minor)"
        case .placed(let receipt): "placed \(receipt.order)"
        case .settled(let receipt): "settled \(receipt.order)"
        case .closed(let receipt): "closed \(receipt.order)"
        case .paid(let receipt): "paid \(receipt.amount.minor)"
        }
    }
}

extension CredentialSeal {
    /// What the secrets of a market's slots are sealed with.
    static let market = CredentialSeal(Seal(InstallationKey(id: 1, bytes: [UInt8](repeating: 7, count: 32))!))
}

extension DialectName {
    static let storefront = DialectName(rawValue: "opproxy")
}

extension Currency {
    static let usd = Currency("USD")!
}
