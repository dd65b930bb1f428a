import Postgres
import Primitives
import Provisioning

/// One slot as a test sees it.
struct SlotRow: Sendable, Hashable {
    let id: SlotID
    let port: Int32
    let state: SlotState
    let username: String
    let version: Int32
}

extension World {
    /// A tenant's slots on a gateway, ports in order.
    func slots(_ tenant: Tenant, _ gateway: String = "ams-1") async throws -> [SlotRow] {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT id, port, state, username, secret_version FROM slots
                WHERE tenant_id = \(tenant.id) AND gateway_id = \(tenant.gateways[gateway]) ORDER BY port
                """
            ).map { row in
                SlotRow(
                    id: try row.get(0), port: try row.get(1), state: try row.get(2), username: try row.get(3),
                    version: try row.get(4)
                )
            }
        }
    }

    func states(_ tenant: Tenant, _ gateway: String = "ams-1") async throws -> [SlotState] {
        try await slots(tenant, gateway).map(\.state)
    }

    /// One number of the database, asked by its owner.
    func count(_ statement: Statement) async throws -> Int64 {
        try await database.owner.run { try $0.query(statement)[0].get(0) }
    }

    func execute(_ statement: Statement) async throws {
        _ = try await database.owner.run { try $0.query(statement).count }
    }

    /// What a subscription's customer connects with, as the door reads it.
    func connection(_ subscription: SubscriptionID, of tenant: Tenant) async throws -> LiveConnection? {
        try await door.read(
            tenant: tenant.id, ConnectionStore.connections(tenant: tenant.id, subscriptions: [subscription])
        ) { try $0.first.map { try ConnectionStore.connection($0) } }
    }

    /// All that a subscription's customer connects with, by the name of the gateway.
    func connections(_ subscription: SubscriptionID, of tenant: Tenant) async throws -> [LiveConnection] {
        try await door.read(
            tenant: tenant.id, ConnectionStore.connections(tenant: tenant.id, subscriptions: [subscription])
        ) { try $0.map { try ConnectionStore.connection($0) } }.sorted { $0.host < $1.host }
    }

    /// Whether the customer's credentials work at the gateway that the connection names, now.
    func works(_ connection: LiveConnection, of tenant: Tenant) throws -> Bool {
        let secret = try connection.secret(openedBy: seal, tenant: tenant.id)
        return fleet.simulated(tenant: tenant.id, gateway: connection.gateway)
            .accepts(port: connection.port, username: connection.username, password: secret.password, at: now)
    }

    var connections: Connections { Connections(seal: seal, random: random) }

    /// Runs a change as the door does: its role, the tenant set, one transaction.
    func change<T: Sendable>(
        _ tenant: Tenant,
        _ body: @escaping @Sendable (Connections, Transaction) throws -> Result<T, ConnectionRefusal>
    ) async throws -> Result<T, ConnectionRefusal> {
        try await door.transaction(tenant: tenant.id) { [connections] in try body(connections, $0) }
    }
}
