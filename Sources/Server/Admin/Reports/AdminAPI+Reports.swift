internal import Postgres
internal import Primitives

extension AdminAPI {
    static let reportEndpoints: [AdminEndpoint] = [
        report("getRevenue", "/reports/revenue", "What orders charged and what went back", "RevenueReport") {
            $0.getRevenue
        },
        report(
            "getMargin", "/reports/margin", "What is left of the revenue after wholesale", "MarginReport"
        ) { $0.getMargin },
        report(
            "getSubscriptionCounts", "/reports/subscriptions",
            "How many subscriptions there were, began and were lost; trials are none", "SubscriptionReport"
        ) { $0.getSubscriptionCounts },
        AdminEndpoint(
            name: "getSlotCounts", method: .get, place: .tenant, path: "/reports/slots",
            permission: readingReports, tag: "reports",
            summary: "How many slots each gateway has in which state, by the gateway's name",
            answer: "SlotReport", handler: .admitted(AdminAPI.getSlotCounts)),
    ]

    private static let readingReports = AdminPermission.roles([.owner, .finance, .readOnly])

    private static func report(
        _ name: String, _ path: String, _ summary: String, _ answer: String,
        _ handler: @escaping @Sendable (AdminAPI) -> (AdminCall) async throws -> AdminAnswer
    ) -> AdminEndpoint {
        AdminEndpoint(
            name: name, method: .get, place: .tenant, path: path,
            permission: readingReports, tag: "reports",
            summary: "\(summary), by days or months of the tenant's zone",
            query: ["FromDay", "ToDay", "Step"],
            answer: answer, handler: .admitted(handler))
    }

    func getRevenue(_ call: AdminCall) async throws -> AdminAnswer {
        try await revenue(call, \.revenueJSON)
    }

    func getMargin(_ call: AdminCall) async throws -> AdminAnswer { try await revenue(call, \.marginJSON) }

    private func revenue(
        _ call: AdminCall, _ json: @escaping @Sendable (RevenueRow) -> JSON
    ) async throws -> AdminAnswer {
        let period = try ReportPeriod(AdminQuery(paging: false, call, "from", "to", "step"))
        let rows = try await books.of(call.namedTenant.slug) { tenant, transaction in
            try ReportStore.revenue(transaction.query(ReportStore.revenue(tenant.id, period)))
        }
        return .json(Self.report(call, period, rows.map(json)))
    }

    func getSubscriptionCounts(_ call: AdminCall) async throws -> AdminAnswer {
        let period = try ReportPeriod(AdminQuery(paging: false, call, "from", "to", "step"))
        let rows = try await books.of(call.namedTenant.slug) { tenant, transaction in
            try ReportStore.subscriptions(
                transaction.query(ReportStore.subscriptions(tenant.id, period, at: transaction.now)))
        }
        return .json(Self.report(call, period, rows.map(\.json)))
    }

    func getSlotCounts(_ call: AdminCall) async throws -> AdminAnswer {
        _ = try AdminQuery(paging: false, call)
        let gateways = try await books.of(call.namedTenant.slug) { tenant, transaction in
            try AdminGatewayStore.gateways(
                transaction.query(AdminGatewayStore.page(tenant.id, after: nil, limit: 10_000)))
        }
        let rows = gateways.map { gateway -> JSON in
            [
                "gateway": .string(gateway.name), "network": .string(gateway.network),
                "slots": gateway.slotsJSON,
            ]
        }
        return .json(["rows": .array(rows)])
    }

    private static func report(_ call: AdminCall, _ period: ReportPeriod, _ rows: [JSON]) -> JSON {
        [
            "from": .string(period.from), "to": .string(period.to), "step": .string(period.step.rawValue),
            "timezone": .string(call.namedTenant.timezone), "rows": .array(rows),
        ]
    }
}
