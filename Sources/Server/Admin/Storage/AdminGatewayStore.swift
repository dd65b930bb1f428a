internal import Postgres
internal import Primitives
internal import Provisioning

/// SQL of gateways and their slots, for staff.
enum AdminGatewayStore {
    /// By name, one more than a page holds.
    static func page(_ tenant: TenantID, after name: String?, limit: Int) -> Statement {
        Statement(
            """
            \(columns) WHERE g.tenant_id = $1 AND ($2::text IS NULL OR g.name > $2) ORDER BY g.name LIMIT $3
            """ as String, [tenant, name, Int64(limit + 1)])
    }

    static func one(_ id: GatewayID, _ tenant: TenantID) -> Statement {
        Statement("\(columns) WHERE g.tenant_id = $1 AND g.id = $2" as String, [tenant, id])
    }

    static func gateways(_ result: ResultSet) throws -> [AdminGateway] {
        try result.map { row in
            let (first, last): (Int32?, Int32?) = (try row.get(4), try row.get(5))
            let shared: Int32? = try row.get(6)
            let ports = shared.map { "\($0)" } ?? "\(first ?? 0)-\(last ?? 0)"
            var seen: AdminGateway.Seen?
            if let applied: Int64 = try row.get(11) {
                seen = AdminGateway.Seen(
                    appliedVersion: applied, at: try row.get(12), isHealthy: try row.get(13),
                    problem: try row.get(14))
            }
            var slots: [SlotState: Int64] = [:]
            for (place, state) in SlotState.allCases.enumerated() { slots[state] = try row.get(15 + place) }
            return AdminGateway(
                id: try row.get(0), name: try row.get(1), network: try row.get(2), host: try row.get(3),
                ports: ports, protocols: try row.get(7), driver: try row.get(8), isActive: try row.get(9),
                desiredVersion: try row.get(10), seen: seen, slots: slots)
        }
    }

    /// Newest first, one more than a page holds.
    static func slots(
        _ tenant: TenantID, gateway: GatewayID?, state: SlotState?, before: SlotID?, limit: Int
    ) -> Statement {
        """
        SELECT s.id, g.name, n.code, s.port, s.state, s.state_since, a.subscription_id
        FROM slots s
        JOIN gateways g ON g.tenant_id = s.tenant_id AND g.id = s.gateway_id
        JOIN networks n ON n.tenant_id = s.tenant_id AND n.id = s.network_id
        LEFT JOIN allocations a ON a.tenant_id = s.tenant_id AND a.slot_id = s.id AND a.released_at IS NULL
        WHERE s.tenant_id = \(tenant) AND (\(gateway)::uuid IS NULL OR s.gateway_id = \(gateway))
          AND (\(state?.rawValue)::text IS NULL OR s.state = \(state?.rawValue))
          AND (\(before)::uuid IS NULL OR s.id < \(before))
        ORDER BY s.id DESC LIMIT \(Int64(limit + 1))
        """
    }

    static func slots(_ result: ResultSet) throws -> [AdminSlot] {
        try result.map { row in
            AdminSlot(
                id: try row.get(0), gateway: try row.get(1), network: try row.get(2), port: try row.get(3),
                state: try row.get(4), since: try row.get(5), subscription: try row.get(6))
        }
    }

    // A count for each state, in the order in which they are listed.
    private static let columns = """
        SELECT g.id, g.name, n.code, g.host, g.first_port, g.last_port, g.shared_port, g.protocols, g.driver, g.active,
            g.desired_version, seen.applied_version, seen.observed_at, seen.healthy, seen.problem,
            \(SlotState.allCases.map { "slots.\($0.rawValue)" }.joined(separator: ", "))
        FROM gateways g
        JOIN networks n ON n.tenant_id = g.tenant_id AND n.id = g.network_id
        LEFT JOIN gateway_states seen ON seen.tenant_id = g.tenant_id AND seen.gateway_id = g.id
        CROSS JOIN LATERAL (
            SELECT \(SlotState.allCases.map { "count(*) FILTER (WHERE state = '\($0.rawValue)') AS \($0.rawValue)" }
                .joined(separator: ", "))
            FROM slots WHERE tenant_id = g.tenant_id AND gateway_id = g.id
        ) slots
        """
}
