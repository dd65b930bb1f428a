internal import Postgres
internal import Primitives
internal import Provisioning

extension AdminAPI {
    static let gatewayEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "listGateways", method: .get, place: .tenant, path: "/gateways",
            permission: lookingAtGateways, tag: "gateways",
            summary: "The tenant's gateways by name, with how many slots each has in which state",
            query: ["Limit", "Cursor"], answer: "GatewayList", handler: .admitted(AdminAPI.listGateways)),
        AdminEndpoint(
            name: "getGateway", method: .get, place: .tenant, path: "/gateways/{id}",
            permission: lookingAtGateways, tag: "gateways", summary: "One gateway", answer: "Gateway",
            handler: .admitted(AdminAPI.getGateway)),
        AdminEndpoint(
            name: "listSlots", method: .get, place: .tenant, path: "/slots", permission: lookingAtGateways,
            tag: "gateways", summary: "The tenant's slots, newest first, without their logins",
            query: ["Limit", "Cursor", "Gateway", "SlotState"], answer: "SlotList",
            handler: .admitted(AdminAPI.listSlots)),
    ]

    private static let lookingAtGateways = AdminPermission.roles([.owner, .catalogue, .support, .readOnly])

    func listGateways(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call)
        let (limit, after): (Int, String?) = (try query.limit(), try query.cursor())
        let rows = try await books.of(call.namedTenant.slug) { tenant, transaction in
            try AdminGatewayStore.gateways(
                transaction.query(AdminGatewayStore.page(tenant.id, after: after, limit: limit)))
        }
        return .json(Page(readingOneMore: rows, limit: limit, cursor: \.name).json({ $0 }, \.json))
    }

    func getGateway(_ call: AdminCall) async throws -> AdminAnswer {
        let id: GatewayID = try call.id()
        let found = try await books.of(call.namedTenant.slug) { tenant, transaction in
            try AdminGatewayStore.gateways(transaction.query(AdminGatewayStore.one(id, tenant.id)))
        }
        guard let gateway = found.first else { throw AdminProblem(.notFound) }
        return .json(gateway.json)
    }

    func listSlots(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "gateway", "state")
        let (limit, before): (Int, SlotID?) = (try query.limit(), try query.cursor())
        let (gateway, state): (GatewayID?, SlotState?) = (try query.id("gateway"), try query.word("state"))
        let rows = try await books.of(call.namedTenant.slug) { tenant, transaction in
            try AdminGatewayStore.slots(
                transaction.query(
                    AdminGatewayStore.slots(
                        tenant.id, gateway: gateway, state: state, before: before, limit: limit)))
        }
        return .json(Page(readingOneMore: rows, limit: limit, cursor: \.id).json(\.description, \.json))
    }
}
