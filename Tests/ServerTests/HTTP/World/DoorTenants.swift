import Catalog
import Postgres
import Primitives
import TestSupport

@testable import Server

/// One of two resellers with the same customer: the same email address, the same password.
struct DoorTenant: Sendable {
    let id: TenantID
    let slug: String
    let customer: CustomerID
    let user: UserID

    var host: String { "things.\(slug).test" }
    static let email = "ann@example.test"
}

/// Alba and Brio, as rows of a test's database.
struct DoorTenants: Sendable {
    let database: TestDatabase
    let alba: DoorTenant
    let brio: DoorTenant

    /// - Parameter passwordHash: what both tenants' Ann signs in with.
    init(_ database: TestDatabase, passwordHash: String = "none") async throws {
        self.database = database
        let ids = SequentialIdentifiers(first: 100)
        let now = database.clock.now()
        let tenants = [(1, "alba"), (2, "brio")].map { number, slug in
            DoorTenant(id: TenantID(number), slug: slug, customer: ids.next(at: now), user: ids.next(at: now))
        }
        (alba, brio) = (tenants[0], tenants[1])
        try await database.owner.run { connection in
            for tenant in tenants { try Self.write(tenant, passwordHash, connection, now) }
        }
    }

    private static func write(
        _ tenant: DoorTenant, _ passwordHash: String, _ connection: Connection, _ now: Instant
    ) throws {
        for statement: Statement in [
            """
            INSERT INTO tenants (id, slug, name, currency, timezone, grace_ms, created_at)
            VALUES (\(tenant.id), \(tenant.slug), \(tenant.slug), 'USD', 'UTC', 0, \(now))
            """,
            """
            INSERT INTO hosts (host, tenant_id, dialect) VALUES (\(tenant.host), \(tenant.id), 'proxaro')
            """,
            """
            INSERT INTO customers (tenant_id, id, email, username, currency, created_at)
            VALUES (\(tenant.id), \(tenant.customer), \(DoorTenant.email), 'ann', 'USD', \(now))
            """,
            """
            INSERT INTO customer_users
                (tenant_id, id, customer_id, username, email, password_hash, role, created_at)
            VALUES (\(tenant.id), \(tenant.user), \(tenant.customer), 'ann', \(DoorTenant.email),
                \(passwordHash), 'admin', \(now))
            """,
        ] { _ = try connection.query(statement) }
    }

    func execute(_ statement: Statement) async throws {
        _ = try await database.owner.run { try $0.query(statement).count }
    }
}
