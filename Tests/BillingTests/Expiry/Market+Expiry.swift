import Billing
import Logging
import Postgres
import Primitives
import Provisioning
import TestSupport

@testable import Server

extension Market {
    /// A shop's grace.
    static let grace: Int64 = 86_400_000

    /// The expiry, on the worker's own rights.
    func expiries(
        batch: Int = 500, clock: (any WallClock)? = nil,
        onStep: @escaping @Sendable (ExpiryStep) throws -> Void = { _ in }
    ) -> Expiries {
        var settings = Expiries.Settings()
        settings.batch = batch
        return Expiries(
            pool: database.pool(.worker, threads: 1), ending: BilledEnding(ids: ids),
            clock: clock ?? self.clock, settings: settings, logger: .quiet, onStep: onStep)
    }

    /// One run that is not disturbed.
    @discardableResult
    func expire(of shop: Shop? = nil, batch: Int = 500) async throws -> ExpiryCounts {
        try await expiries(batch: batch).run(of: shop?.tenant)
    }

    /// How many of a shop's slots are in a state.
    func slots(_ state: String, of shop: Shop) async throws -> Int {
        try await database.owner.run { connection in
            try connection.query(
                "SELECT count(*) FROM slots WHERE tenant_id = \(shop.tenant) AND state = \(state)")[0].get(0)
        }
    }

    /// The subscriptions that have ended, with the moment.
    func ended(in shop: Shop) async throws -> [SubscriptionID: Instant] {
        try await database.owner.run { connection in
            let rows = try connection.query(
                "SELECT id, ended_at FROM subscriptions WHERE tenant_id = \(shop.tenant) AND ended_at IS NOT NULL"
            ).map { (try $0.get(0, as: SubscriptionID.self), try $0.get(1, as: Instant.self)) }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }

    /// Moves the clock to where the grace of what was bought until `end` is over, and so many ms further.
    func pass(_ end: Instant, by milliseconds: Int64 = 0) {
        clock.set(Instant(milliseconds: end.milliseconds + Self.grace + milliseconds))
    }
}

extension ExpiryCounts {
    /// The counts without the words.
    var numbers: [Int] { [due, ended, slots, skipped, failed] }
}
