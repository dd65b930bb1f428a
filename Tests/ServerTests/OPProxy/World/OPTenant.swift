import Catalog
import Postgres
import Primitives
import Provisioning
import TestSupport

@testable import Server

/// One reseller of an OP-Proxy world; two of them differ in names and ids only.
struct OPTenant: Sendable {
    let id: TenantID
    let slug: String
    /// By code.
    let plans: [String: PlanID]
    let customers: [String: CustomerID]

    var host: String { "op.\(slug).test" }
    var mount: String { "/t/\(slug)/opproxy" }
    var gateHost: String { "gate.\(slug).test" }

    func plan(_ code: String) -> String { plans[code]!.bits.hexString }

    /// A customer's key: two tenants' customers of one name have different ones.
    func key(_ customer: String) -> String { Self.key(customer, slug) }

    static func key(_ customer: String, _ slug: String) -> String {
        let digits = "\(slug) \(customer)".utf8.map { String($0 % 16, radix: 16) }.joined()
        return "opx_live_" + digits + String(repeating: "0", count: 32 - digits.utf8.count)
    }

    func gateKey(_ customer: String) -> String { Self.gateKey(customer, slug) }

    static func gateKey(_ customer: String, _ slug: String) -> String {
        let body = "\(slug)-\(customer)"
        return "rk_" + body + String(repeating: "0", count: 40 - body.utf8.count)
    }

    static func read(_ slug: String, _ database: TestDatabase) async throws -> OPTenant {
        try await database.owner.run { connection in
            let id: TenantID = try connection.query("SELECT id FROM tenants WHERE slug = \(slug)")[0].get(0)
            func ids<Subject>(_ rows: ResultSet) throws -> [String: Identifier<Subject>] {
                try Dictionary(uniqueKeysWithValues: rows.map { (try $0.get(0), try $0.get(1)) })
            }
            return OPTenant(
                id: id, slug: slug,
                plans: try ids(connection.query("SELECT code, id FROM plans WHERE tenant_id = \(id)")),
                customers: try ids(
                    connection.query("SELECT username, id FROM customers WHERE tenant_id = \(id)")))
        }
    }

    /// Puts every port of every gateway on its shelf, as the worker would.
    func stock(_ parts: DoorParts, _ database: TestDatabase) async throws {
        let seal = CredentialSeal(parts.seal)
        try await database.owner.run { connection in
            let now = database.clock.now()
            let gateways = try connection.query(
                """
                SELECT id, network_id, name, first_port, last_port FROM gateways WHERE tenant_id = \(id) ORDER BY name
                """)
            for row in gateways {
                let (gateway, network): (GatewayID, NetworkID) = (try row.get(0), try row.get(1))
                let (name, first, last): (String, Int32, Int32) = (
                    try row.get(2), try row.get(3), try row.get(4)
                )
                for port in first...last {
                    let slot: SlotID = parts.ids.next(at: now)
                    let secret = SlotSecret(
                        password: "p\(slug)\(port)", vlessUUID: "00000000-0000-4000-8000-0000000\(port)",
                        shadowsocksKey: "c2hhZG93c29ja3MrLz09Cg==")
                    _ = try connection.query(
                        """
                        INSERT INTO slots (tenant_id, id, gateway_id, network_id, port, state, rank, username, secret,
                            secret_version, secret_since, revision, state_since)
                        VALUES (\(id), \(slot), \(gateway), \(network), \(port), 'ready', \(Int64(port)),
                            \("u\(name)\(port)"), \(seal.seal(secret, tenant: id, slot: slot, version: 3)), 3, \(now),
                            0, \(now))
                        """
                    ).count
                }
            }
        }
    }
}
