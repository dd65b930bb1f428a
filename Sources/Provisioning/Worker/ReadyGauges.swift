internal import Metrics
internal import Postgres
internal import Primitives

/// Shows how many slots of each gateway are for sale: the gauge `tollgate_ready_slots`.
struct ReadyGauges {
    let context: WorkerContext

    func measure() async throws {
        let counts = try await context.transaction { transaction in
            try transaction.query(GatewayStore.readyCounts()).map { row in
                (
                    tenant: try row.get(0, as: TenantID.self), gateway: try row.get(1, as: String.self),
                    count: try row.get(2, as: Int64.self)
                )
            }
        }
        for count in counts {
            let dimensions = [("tenant", String(count.tenant.number)), ("gateway", count.gateway)]
            Gauge(label: "tollgate_ready_slots", dimensions: dimensions).record(count.count)
        }
    }
}
