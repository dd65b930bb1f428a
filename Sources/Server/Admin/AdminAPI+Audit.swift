internal import Postgres
internal import Primitives

extension AdminAPI {
    static let auditEndpoints: [AdminEndpoint] = [
        audit(
            "listAudit", .platform, "What was changed of the platform's own, newest first",
            .platform(.owner, .finance, .readOnly)),
        audit(
            "listTenantAudit", .tenant, "What was changed of the tenant's, by whom, newest first",
            .roles(.owner, .finance, .readOnly)),
    ]

    private static func audit(
        _ name: String, _ place: AdminPlace, _ summary: String, _ permission: AdminPermission
    ) -> AdminEndpoint {
        AdminEndpoint(
            name: name, method: .get, place: place, path: "/audit", permission: permission, tag: "audit",
            summary: summary,
            query: ["Limit", "Cursor", "Actor", "Action", "Object", "ObjectId", "Since", "Until"],
            answer: "AuditList", handler: .admitted(AdminAPI.listAudit))
    }

    func listAudit(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "actor", "action", "object", "object_id", "since", "until")
        let limit = try query.limit()
        let filter = AuditFilter(
            actor: try query.id("actor"), action: try query.text("action"), object: try query.text("object"),
            objectID: try query.text("object_id"), since: try query.instant("since"),
            until: try query.instant("until"), before: try query.cursor())
        let rows = try await pool.read(
            tenant: call.owner, AuditStore.records(call.owner, filter, limit: limit), AuditStore.records)
        let page = Page(readingOneMore: rows, limit: limit, cursor: \.id)
        return .json(page.json(\.description) { $0.json(for: call.actor) })
    }
}

extension AuditRecord {
    /// Where the platform's people were is none of a tenant's business.
    func json(for reader: StaffActor) -> JSON {
        let isAddressShown = reader.scope == .platform || !isOfPlatform
        return [
            "id": .string(id.description), "at": .string(recordedAt.rfc3339()),
            "actor": [
                "kind": .string(actorKind), "id": actorID.map { .string($0.description) } ?? .null,
                "name": .string(actorName), "platform": .bool(isOfPlatform),
            ],
            "address": isAddressShown && !address.isEmpty ? .string(address) : .null,
            "request_id": requestID.isEmpty ? .null : .string(requestID),
            "action": .string(action), "object": ["kind": .string(object), "id": .string(objectID)],
            "before": before ?? .null, "after": after ?? .null,
        ]
    }
}
