internal import Postgres
internal import Primitives

extension AdminAPI {
    static let tenantEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "listTenants", method: .get, place: .platform, path: "/tenants", permission: .everybody,
            tag: "tenants", summary: "The tenants that this person or key can see, by slug",
            query: ["Limit", "Cursor"], answer: "TenantList", handler: .admitted(AdminAPI.listTenants)),
        AdminEndpoint(
            name: "getTenant", method: .get, place: .tenant, path: "", permission: .everybody,
            tag: "tenants", summary: "One tenant", answer: "Tenant", isTagged: true,
            handler: .admitted(AdminAPI.getTenant)),
    ]

    func listTenants(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call)
        let (limit, after): (Int, String?) = (try query.limit(), try query.cursor())
        let own: TenantID?
        switch call.actor.scope {
        case .platform: own = nil
        case .tenant(let tenant): own = tenant
        }
        let rows = try await pool.read(
            tenant: call.actor.scope.number, AdminTenantStore.tenants(own, after: after, limit: limit),
            AdminTenantStore.tenants)
        let page = Page(readingOneMore: rows, limit: limit, cursor: \.slug)
        return .json(page.json({ $0 }, \.json))
    }

    func getTenant(_ call: AdminCall) async throws -> AdminAnswer {
        guard let tenant = call.tenant else { preconditionFailure("a tenant's path without a tenant") }
        return .json(tenant.json)
    }
}

extension AdminTenant {
    var json: JSON {
        [
            "slug": .string(slug), "name": .string(name), "currency": .string(currency.code),
            "timezone": .string(timezone), "grace_seconds": .integer(graceMilliseconds / 1_000),
            "active": .bool(isActive), "sandbox_of": sandboxOfSlug.map { .string($0) } ?? .null,
            "clock_ahead_ms": .integer(clockAhead), "created_at": .string(createdAt.rfc3339()),
        ]
    }
}
