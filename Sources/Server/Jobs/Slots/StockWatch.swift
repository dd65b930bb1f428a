internal import Catalog
internal import Logging
internal import Postgres
internal import Primitives
internal import Provisioning

/// Tells once of every network that runs short of ready ports, and once that it has recovered, in transactions of a batch.
///
/// What was told is kept beside the network and changes under its lock, in the transaction of the event: any number of
/// runs tell of it once.
struct StockWatch: Sendable {
    /// Of the role `tollgate_worker`, whose matter slots are.
    let pool: PostgresPool
    let ids: any IdentifierSource
    /// The real one; what is told carries the tenant's own time.
    let clock: any WallClock
    var batch = 100
    let logger: Logger
    /// Called between two steps; what it throws ends the run as a crash would. For tests.
    var onStep: @Sendable (StockWatchStep) throws -> Void = { _ in }

    /// One pass over the networks of one tenant, or of all that are not switched off.
    func run(
        of tenant: TenantID? = nil, _ counts: inout StockCounts,
        progress: (StockCounts) throws -> Void = { _ in }
    ) async throws {
        let now = clock.now()
        let (tenants, clocks) = try await pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([
                StockLevelStore.tenants(tenant), TenantClockStore.moved,
            ])
            return (try StockLevelStore.tenants(results[0]), try TenantClockStore.clocks(results[1]))
        }
        for owner in tenants {
            try await look(at: owner, clocks.time(of: owner, at: now), &counts, progress)
        }
    }

    private func look(
        at tenant: TenantID, _ time: TenantTime, _ counts: inout StockCounts,
        _ progress: (StockCounts) throws -> Void
    ) async throws {
        let states = try await pool.transaction(tenant: nil) { transaction in
            try StockLevelStore.states(transaction.query(StockLevelStore.states(of: tenant)))
        }
        for (state, count) in states { counts.add(count, state, of: tenant) }
        var last: NetworkID?
        while true {
            let found = try await pool.transaction(tenant: nil) { [batch, last] transaction in
                try StockLevelStore.networks(
                    transaction.query(StockLevelStore.networks(of: tenant, after: last, limit: batch)))
            }
            guard let end = found.last else { return }
            last = end.id
            var news: [NetworkID] = []
            for (id, network) in found {
                switch network {
                case .success(let network):
                    counts.add(network.level, of: tenant)
                    if network.news(at: time.real) != nil { news.append(id) }
                case .failure(let error):
                    fail("network \(id) of tenant \(tenant) cannot be read: \(error)", &counts)
                }
            }
            try onStep(.found)
            try await tell(of: news[...], tenant, time, &counts)
            try onStep(.told)
            try progress(counts)
            if found.count < batch { return }
        }
    }

    /// Tells of them in one transaction; where that fails, half by half, until what fails stands alone.
    private func tell(
        of networks: ArraySlice<NetworkID>, _ tenant: TenantID, _ time: TenantTime,
        _ counts: inout StockCounts
    ) async throws {
        guard !networks.isEmpty else { return }
        do {
            counts.told += try await told(Array(networks), tenant, time)
            return
        } catch let error where error.isOfARow {
            if networks.count == 1 {
                fail("network \(networks[networks.startIndex]) of tenant \(tenant): \(error)", &counts)
                return
            }
        }
        let middle = networks.startIndex + networks.count / 2
        try await tell(of: networks[..<middle], tenant, time, &counts)
        try await tell(of: networks[middle...], tenant, time, &counts)
    }

    /// Looks again under the lock of what was told, and tells what still is news; how much it was.
    private func told(
        _ networks: [NetworkID], _ tenant: TenantID, _ time: TenantTime
    ) async throws -> Int {
        let news = try await pool.transaction(tenant: nil) { [ids, onStep] transaction in
            let results = try transaction.pipeline(
                StockLevelStore.locking(networks, of: tenant, at: time.now) + [
                    StockLevelStore.networks(of: tenant, only: networks, limit: networks.count)
                ])
            let news = try StockLevelStore.networks(results[2]).compactMap {
                try $0.network.get().news(at: time.real)
            }
            guard !news.isEmpty else { return news }
            _ = try transaction.pipeline([
                StockLevelStore.updating(news, of: tenant, at: time.now),
                StockLevelStore.tell(news, of: tenant, at: time, ids),
            ])
            try onStep(.written)
            return news
        }
        for one in news {
            logger.warning(
                "the stock of a network has changed",
                metadata: [
                    "tenant": "\(tenant)", "network": "\(one.stock.code)", "event": "\(one.kind)",
                    "ready": "\(one.stock.ready)", "watermark": "\(one.stock.watermark)",
                ])
        }
        return news.count
    }

    private func fail(_ problem: String, _ counts: inout StockCounts) {
        logger.error("a network's stock cannot be told of", metadata: ["problem": "\(problem)"])
        counts.fail(problem)
    }
}

/// The points between two steps: after each, whatever comes next may never happen.
enum StockWatchStep: String, Sendable, Hashable, CaseIterable {
    /// A batch is read, nothing is written.
    case found
    /// A batch is written and not committed.
    case written
    /// A batch is committed.
    case told
}
