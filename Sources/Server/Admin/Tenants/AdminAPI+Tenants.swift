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
            tag: "tenants", summary: "One tenant, with its sandbox and its wholesale account",
            answer: "TenantDetails", isTagged: true, handler: .admitted(AdminAPI.getTenant)),
        AdminEndpoint(
            name: "createTenant", method: .post, place: .platform, path: "/tenants",
            permission: .platform(.owner), tag: "tenants",
            summary: "Make a tenant with its accounts, as `tollgate apply` does", body: "NewTenant",
            status: .created, answer: "TenantDetails", isTagged: true, problems: [.nameTaken],
            handler: .admitted(AdminAPI.createTenant)),
        AdminEndpoint(
            name: "updateTenant", method: .patch, place: .tenant, path: "", permission: .platform(.owner),
            tag: "tenants",
            summary:
                "Rename a tenant, close it or open it again, give it a sandbox or another wholesale credit limit",
            body: "TenantChange", answer: "TenantDetails", isTagged: true, isConditional: true,
            problems: [.sandboxFollows], handler: .admitted(AdminAPI.updateTenant)),
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
        let tenant = call.namedTenant
        return try await reading.transaction(tenant: tenant.id) { transaction in
            let results = try transaction.pipeline([
                AdminTenantStore.hasSandbox(tenant.id), AdminCatalogueStore.creditLimit(tenant.id),
            ])
            return .json(
                tenant.json(
                    hasSandbox: try results[0][0].get(0),
                    creditLimit: try AdminCatalogueStore.creditLimit(results[1], in: tenant.currency)))
        }
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

    /// The same with what is decided about it beside its row.
    func json(hasSandbox: Bool, creditLimit: Money) -> JSON {
        json.adding([
            "sandbox": .bool(hasSandbox), "wholesale": ["credit_limit": .string(creditLimit.description)],
        ])
    }
}
