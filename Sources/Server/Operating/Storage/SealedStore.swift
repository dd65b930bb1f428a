internal import Postgres
internal import Primitives

/// SQL of sealed values: their first byte is the id of the key that they are under.
enum SealedStore {
    static func census(of column: SealedColumn) -> Statement {
        switch column {
        case .slots: "SELECT get_byte(secret, 0), count(*) FROM slots GROUP BY 1 ORDER BY 1"
        case .history: "SELECT get_byte(secret, 0), count(*) FROM credential_history GROUP BY 1 ORDER BY 1"
        case .answers: "SELECT get_byte(answer, 0), count(*) FROM idempotency_keys GROUP BY 1 ORDER BY 1"
        case .staffFactors:
            "SELECT get_byte(totp_secret, 0), count(*) FROM staff WHERE totp_secret IS NOT NULL GROUP BY 1 ORDER BY 1"
        case .personFactors:
            """
            SELECT get_byte(totp_secret, 0), count(*) FROM customer_users
            WHERE totp_secret IS NOT NULL GROUP BY 1 ORDER BY 1
            """
        case .providerSecrets:
            "SELECT get_byte(secret, 0), count(*) FROM payment_providers GROUP BY 1 ORDER BY 1"
        case .providerWebhooks:
            "SELECT get_byte(webhook_secrets, 0), count(*) FROM payment_providers GROUP BY 1 ORDER BY 1"
        }
    }

    static func census(of column: SealedColumn, _ result: ResultSet) throws -> [Resealing.Census] {
        try result.map { row in
            let key: Int32 = try row.get(0)
            return Resealing.Census(column: column, values: try row.get(1), key: UInt8(clamping: key))
        }
    }

    /// A batch in the order of the table's key, behind where the last one ended.
    static func values(
        of column: SealedColumn, notUnder key: UInt8, after last: SealedColumn.Value?, limit: Int
    ) -> Statement {
        // The platform's own rows have the number 0.
        let tenant = last?.tenant.number ?? -1
        let id = last?.row[0] ?? "00000000-0000-0000-0000-000000000000"
        let key = Int32(key)
        switch column {
        case .slots:
            return """
                SELECT tenant_id, id::text, secret_version::text, secret FROM slots
                WHERE (tenant_id, id) > (\(tenant), \(id)::text::uuid) AND get_byte(secret, 0) <> \(key)
                ORDER BY tenant_id, id LIMIT \(limit)
                """
        case .history:
            let version = last.flatMap { Int32($0.row[1]) } ?? 0
            return """
                SELECT tenant_id, slot_id::text, version::text, secret FROM credential_history
                WHERE (tenant_id, slot_id, version) > (\(tenant), \(id)::text::uuid, \(version))
                  AND get_byte(secret, 0) <> \(key)
                ORDER BY tenant_id, slot_id, version LIMIT \(limit)
                """
        case .answers:
            return """
                SELECT tenant_id, principal_id::text, key, answer FROM idempotency_keys
                WHERE (tenant_id, principal_id, key) > (\(tenant), \(id)::text::uuid, \(last?.row[1] ?? ""))
                  AND get_byte(answer, 0) <> \(key)
                ORDER BY tenant_id, principal_id, key LIMIT \(limit)
                """
        case .staffFactors:
            return """
                SELECT tenant_id, id::text, '', totp_secret FROM staff
                WHERE (tenant_id, id) > (\(tenant), \(id)::text::uuid) AND get_byte(totp_secret, 0) <> \(key)
                ORDER BY tenant_id, id LIMIT \(limit)
                """
        case .personFactors:
            return """
                SELECT tenant_id, id::text, '', totp_secret FROM customer_users
                WHERE (tenant_id, id) > (\(tenant), \(id)::text::uuid) AND get_byte(totp_secret, 0) <> \(key)
                ORDER BY tenant_id, id LIMIT \(limit)
                """
        case .providerSecrets:
            return """
                SELECT tenant_id, provider, '', secret FROM payment_providers
                WHERE (tenant_id, provider) > (\(tenant), \(last?.row[0] ?? "")) AND get_byte(secret, 0) <> \(key)
                ORDER BY tenant_id, provider LIMIT \(limit)
                """
        case .providerWebhooks:
            return """
                SELECT tenant_id, provider, '', webhook_secrets FROM payment_providers
                WHERE (tenant_id, provider) > (\(tenant), \(last?.row[0] ?? "")) AND get_byte(webhook_secrets, 0) <> \(key)
                ORDER BY tenant_id, provider LIMIT \(limit)
                """
        }
    }

    static func values(_ result: ResultSet) throws -> [SealedColumn.Value] {
        try result.map {
            SealedColumn.Value(
                tenant: try $0.get(0), row: [try $0.get(1), try $0.get(2)], sealed: try $0.get(3))
        }
    }

    /// Answers one row for each value that was still what had been read.
    static func renew(
        _ column: SealedColumn, _ old: [SealedColumn.Value], _ new: [[UInt8]]
    ) -> Statement {
        let tenants = old.map(\.tenant)
        let ids = old.map { $0.row[0] }
        let seconds = old.map { $0.row[1] }
        let sealed = old.map(\.sealed)
        switch column {
        case .slots:
            return """
                UPDATE slots SET secret = n.new
                FROM unnest(\(tenants), \(ids)::text[], \(sealed), \(new)) AS n (tenant_id, id, old, new)
                WHERE slots.tenant_id = n.tenant_id AND slots.id = n.id::uuid AND slots.secret = n.old
                RETURNING 1
                """
        case .history:
            return """
                UPDATE credential_history AS h SET secret = n.new
                FROM unnest(\(tenants), \(ids)::text[], \(seconds)::text[], \(sealed), \(new)) AS n (tenant_id, id, version, old, new)
                WHERE h.tenant_id = n.tenant_id AND h.slot_id = n.id::uuid AND h.version = n.version::int
                  AND h.secret = n.old
                RETURNING 1
                """
        case .answers:
            return """
                UPDATE idempotency_keys AS k SET answer = n.new
                FROM unnest(\(tenants), \(ids)::text[], \(seconds)::text[], \(sealed), \(new)) AS n (tenant_id, id, key, old, new)
                WHERE k.tenant_id = n.tenant_id AND k.principal_id = n.id::uuid AND k.key = n.key AND k.answer = n.old
                RETURNING 1
                """
        case .staffFactors:
            return """
                UPDATE staff SET totp_secret = n.new
                FROM unnest(\(tenants), \(ids)::text[], \(sealed), \(new)) AS n (tenant_id, id, old, new)
                WHERE staff.tenant_id = n.tenant_id AND staff.id = n.id::uuid AND staff.totp_secret = n.old
                RETURNING 1
                """
        case .personFactors:
            return """
                UPDATE customer_users AS u SET totp_secret = n.new
                FROM unnest(\(tenants), \(ids)::text[], \(sealed), \(new)) AS n (tenant_id, id, old, new)
                WHERE u.tenant_id = n.tenant_id AND u.id = n.id::uuid AND u.totp_secret = n.old
                RETURNING 1
                """
        case .providerSecrets:
            return """
                UPDATE payment_providers AS p SET secret = n.new
                FROM unnest(\(tenants), \(ids)::text[], \(sealed), \(new)) AS n (tenant_id, provider, old, new)
                WHERE p.tenant_id = n.tenant_id AND p.provider = n.provider AND p.secret = n.old
                RETURNING 1
                """
        case .providerWebhooks:
            return """
                UPDATE payment_providers AS p SET webhook_secrets = n.new
                FROM unnest(\(tenants), \(ids)::text[], \(sealed), \(new)) AS n (tenant_id, provider, old, new)
                WHERE p.tenant_id = n.tenant_id AND p.provider = n.provider AND p.webhook_secrets = n.old
                RETURNING 1
                """
        }
    }
}
