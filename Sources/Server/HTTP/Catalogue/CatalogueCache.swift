internal import Catalog
public import Logging
public import Postgres
public import Primitives

/// The catalogue as the doors read it: snapshots that are replaced when `tollgate_catalogue` is notified, by
/// a poll that stands behind the notifications, and, while none can arrive, before every use that finds them
/// a second old.
public final class CatalogueCache: Sendable {
    private let directory: Snapshot<TenantDirectory>
    private let catalogues: SnapshotTable<TenantID, TenantCatalogue>
    private let freshness: Freshness

    /// What is notified when the catalogue changes; the payload is a tenant's number, or empty for
    /// "anything".
    public static let channel = "tollgate_catalogue"

    /// - Parameters:
    ///   - pool: connections of the doors' role.
    ///   - pollMilliseconds: how old a snapshot may get although notifications arrive.
    ///   - deafMilliseconds: how old a snapshot may get while none can arrive.
    public init(
        pool: PostgresPool, pollMilliseconds: Int64 = 5_000, deafMilliseconds: Int64 = 1_000, logger: Logger
    ) {
        let freshness = Freshness(heard: pollMilliseconds, deaf: deafMilliseconds)
        self.freshness = freshness
        directory = Snapshot(freshness) {
            do {
                return try await Self.readDirectory(pool)
            } catch {
                logger.warning("tenants and hosts could not be read", metadata: ["reason": "\(error)"])
                throw error
            }
        }
        catalogues = SnapshotTable { tenant in
            Snapshot(freshness) { try await Self.readCatalogue(tenant, pool) }
        }
    }

    /// Whether changes are being heard of.
    public var isHearing: Bool { freshness.isHearing }

    /// Who is served where. While the database is away the last answer stands, after a short wait: doors must
    /// still know in whose envelope to say so.
    public func tenants() async throws -> TenantDirectory {
        try await directory.current(waiting: .milliseconds(250))
    }

    /// What a tenant sells.
    /// - Throws: what the database failed with, where a snapshot has to be refreshed and cannot be;
    ///   `TenantUnknown` for a tenant that is not served any more.
    public func catalogue(of tenant: TenantID) async throws -> TenantCatalogue {
        try await catalogues[tenant].current()
    }

    /// What a tenant sells, read anew: for a caller who has met something that the last snapshot did not
    /// know.
    public func refreshedCatalogue(of tenant: TenantID) async throws -> TenantCatalogue {
        catalogues[tenant].invalidate()
        return try await catalogues[tenant].current()
    }

    /// Follows a listener until it is closed; several may be followed by turns, never at once.
    public func follow(_ events: AsyncStream<NotificationListener.Event>) async {
        for await event in events {
            switch event {
            case .connected: freshness.setHearing(true)
            case .disconnected: freshness.setHearing(false)
            case .notification(Self.channel, let payload): invalidate(payload)
            case .notification: break
            }
        }
        freshness.setHearing(false)
    }

    /// Forgets one tenant's catalogue, or everything; who is served where is always looked at again.
    private func invalidate(_ payload: String) {
        directory.invalidate()
        if let number = Int64(payload) {
            catalogues[TenantID(number)].invalidate()
        } else {
            freshness.invalidateAll()
        }
    }

    private static func readDirectory(_ pool: PostgresPool) async throws -> TenantDirectory {
        try await pool.transaction(tenant: nil) { transaction in
            let results = try transaction.pipeline([TenantStore.active, TenantStore.hosts])
            return TenantDirectory(
                tenants: try TenantStore.tenants(results[0]), hosts: try TenantStore.hosts(results[1]))
        }
    }

    private static func readCatalogue(_ id: TenantID, _ pool: PostgresPool) async throws -> TenantCatalogue {
        try await pool.transaction(tenant: id) { transaction in
            let results = try transaction.pipeline([
                TenantStore.active(id), PlanStore.all(of: id), NetworkStore.all(of: id),
                GatewayShapeStore.all(of: id), CustomerGroupStore.all(of: id),
            ])
            guard let tenant = try TenantStore.tenants(results[0]).first else {
                throw TenantUnknown(tenant: id)
            }
            return TenantCatalogue(
                tenant: tenant, plans: try PlanStore.plans(results[1]),
                networks: try NetworkStore.networks(results[2]),
                gatewaysByID: try GatewayShapeStore.shapes(results[3]),
                groups: try CustomerGroupStore.groups(results[4]))
        }
    }
}

/// The tenant has been closed since its mount was looked up.
public struct TenantUnknown: Error, Sendable, Hashable {
    public let tenant: TenantID
}
