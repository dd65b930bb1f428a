internal import Postgres
internal import Primitives

/// SQL of the log of who changed what: written and read, never changed.
enum AuditStore {
    /// - Parameter owner: whose thing was changed.
    static func insert(
        _ note: AuditNote, by author: AuditAuthor, _ owner: TenantID, _ id: CommandID, at now: Instant
    ) -> Statement {
        let kind: String
        let (scope, actor): (TenantID?, PrincipalID?)
        let name: String
        switch author.who {
        case .staff(let staff):
            (kind, scope, actor, name) = (staff.kind.rawValue, staff.scope.number, staff.id, staff.name)
        case .shell(let user): (kind, scope, actor, name) = ("operator", nil, nil, user)
        }
        return """
            INSERT INTO audit_log
                (tenant_id, id, recorded_at, actor_kind, actor_tenant_id, actor_id, actor_name, address, request_id,
                 action, object_kind, object_id, before, after)
            VALUES (\(owner), \(id), \(now), \(kind), \(scope), \(actor), \(name), \(author.address),
                    \(author.requestID), \(note.action), \(note.object), \(note.objectID),
                    \(note.before.map(text)), \(note.after.map(text)))
            """
    }

    /// Newest first, one more than a page holds.
    static func records(_ owner: TenantID, _ filter: AuditFilter, limit: Int) -> Statement {
        """
        SELECT id, recorded_at, actor_kind, actor_id, actor_name, actor_tenant_id = 0, address, request_id, action,
               object_kind, object_id, before, after
        FROM audit_log
        WHERE tenant_id = \(owner)
          AND (\(filter.before)::uuid IS NULL OR id < \(filter.before))
          AND (\(filter.actor)::uuid IS NULL OR actor_id = \(filter.actor))
          AND (\(filter.action)::text IS NULL OR action = \(filter.action))
          AND (\(filter.object)::text IS NULL OR object_kind = \(filter.object))
          AND (\(filter.objectID)::text IS NULL OR object_id = \(filter.objectID))
          AND (\(filter.since)::timestamptz IS NULL OR recorded_at >= \(filter.since))
          AND (\(filter.until)::timestamptz IS NULL OR recorded_at < \(filter.until))
        ORDER BY id DESC LIMIT \(Int64(limit + 1))
        """
    }

    static func records(_ result: ResultSet) throws -> [AuditRecord] {
        try result.map { row in
            AuditRecord(
                id: try row.get(0), recordedAt: try row.get(1), actorKind: try row.get(2),
                actorID: try row.get(3), actorName: try row.get(4),
                isOfPlatform: try row.get(5, as: Bool?.self) ?? true, address: try row.get(6),
                requestID: try row.get(7), action: try row.get(8), object: try row.get(9),
                objectID: try row.get(10), before: try json(row.get(11)), after: try json(row.get(12)))
        }
    }

    private static func text(_ value: JSON) -> JSONB {
        JSONB(String(decoding: value.encoded(), as: UTF8.self))
    }

    private static func json(_ stored: JSONB?) throws -> JSON? {
        try stored.map { try JSON.parse($0.text.utf8) }
    }
}
