internal import Catalog
internal import Postgres
internal import Primitives

/// Reads what the customers of a catalogue file are compared with.
enum CustomerReads {
    /// The customers of these addresses or usernames, without their credit limits; with `everyone`, all of
    /// the tenants'. Locked: what staff change meanwhile would be written over with what was read.
    static func customers(
        of tenants: [TenantID], emails: [String], usernames: [String], everyone: Bool
    ) -> Statement {
        """
        SELECT tenant_id, id, email, username, currency, active, group_id FROM customers
        WHERE tenant_id = ANY (\(tenants))
          AND (\(everyone) OR email = ANY (\(emails)) OR username = ANY (\(usernames)))
        ORDER BY tenant_id, email
        FOR NO KEY UPDATE
        """
    }

    static func customers(_ result: ResultSet) throws -> [CustomerRow] {
        try result.map { row in
            CustomerRow(
                tenant: try row.get(0), id: try row.get(1), email: try row.get(2), username: try row.get(3),
                currency: try currency(row.get(4)), creditLimit: nil, group: try row.get(6),
                isActive: try row.get(5))
        }
    }

    /// The people of these customers, and whoever in the tenants has one of these names.
    static func users(
        of tenants: [TenantID], customers: [CustomerID], emails: [String], usernames: [String]
    ) -> Statement {
        """
        SELECT tenant_id, id, customer_id, username, email, coalesce(applied_password_hash, password_hash), role, active
        FROM customer_users
        WHERE tenant_id = ANY (\(tenants))
          AND (customer_id = ANY (\(customers)) OR email = ANY (\(emails)) OR username = ANY (\(usernames)))
        ORDER BY tenant_id, username
        """
    }

    static func users(_ result: ResultSet) throws -> [UserRow] {
        try result.map { row in
            UserRow(
                tenant: try row.get(0), id: try row.get(1), customer: try row.get(2),
                username: try row.get(3),
                email: try row.get(4), passwordHash: try row.get(5), role: try row.get(6),
                isActive: try row.get(7))
        }
    }

    /// The hashes of the passwords that a file last gave people, outside of any transaction: what they chose themselves
    /// since is no matter of the file's.
    static func passwordHashes(slugs: [String], usernames: [String]) -> Statement {
        """
        SELECT t.slug, u.username, coalesce(u.applied_password_hash, u.password_hash)
        FROM tenants t JOIN customer_users u ON u.tenant_id = t.id
        WHERE t.slug = ANY (\(slugs)) AND u.username = ANY (\(usernames))
        """
    }

    static func passwordHashes(_ result: ResultSet) throws -> [(slug: String, username: String, hash: String)]
    {
        try result.map { (try $0.get(0), try $0.get(1), try $0.get(2)) }
    }

    /// The keys of these customers, and whoever's these digests are: digests are unique across tenants.
    static func keys(of tenants: [TenantID], customers: [CustomerID], digests: [[UInt8]]) -> Statement {
        """
        SELECT hash, tenant_id, id, customer_id, dialect, hint, trials, scopes, rate_limit, expires_at,
               allowed_sources::text[], revoked_at IS NOT NULL AS revoked
        FROM api_keys
        WHERE (tenant_id = ANY (\(tenants)) AND customer_id = ANY (\(customers))) OR hash = ANY (\(digests))
        ORDER BY tenant_id, id
        """
    }

    static func keys(_ result: ResultSet) throws -> [KeyRow] {
        try result.map { row in
            KeyRow(
                digest: try row.get(0), tenant: try row.get(1), id: try row.get(2), customer: try row.get(3),
                dialect: try row.get(4), hint: try row.get(5), mayTakeTrials: try row.get(6),
                scopes: try row.get(7), rateLimit: try row.get(8), expiresAt: try row.get(9),
                allowedSources: try APIKeyStore.allowedSources(row.get(10)), isRevoked: try row.get(11))
        }
    }

    /// The wallets of these customers and the floats of the tenants.
    static func accounts(of tenants: [TenantID], customers: [CustomerID]) -> Statement {
        """
        SELECT tenant_id, owner_id, currency, balance_minor, coalesce(floor_minor, 0) FROM accounts
        WHERE tenant_id = ANY (\(tenants)) AND (role = 'float' OR role = 'wallet' AND owner_id = ANY (\(customers)))
        """
    }

    static func accounts(_ result: ResultSet) throws -> [BoundedAccountRow] {
        try result.map { row in
            let currency = try currency(row.get(2))
            return BoundedAccountRow(
                tenant: try row.get(0), owner: try row.get(1),
                balance: Money(minor: try row.get(3), currency: currency),
                floor: Money(minor: try row.get(4), currency: currency))
        }
    }

    /// Opening balances that were posted before.
    static func openings(_ references: [OpeningReference]) -> Statement {
        """
        SELECT e.tenant_id, e.reference, t.amount_minor, t.currency
        FROM unnest(\(references.map(\.tenant)), \(references.map(\.text))) AS wanted (tenant_id, reference)
        JOIN journal_entries e ON e.tenant_id = wanted.tenant_id AND e.reference = wanted.reference
        JOIN transfers t ON t.tenant_id = e.tenant_id AND t.entry_id = e.id AND t.line = 0
        """
    }

    static func openings(_ result: ResultSet) throws -> [OpeningReference: Money] {
        var openings: [OpeningReference: Money] = [:]
        for row in result {
            let amount = Money(minor: try row.get(2), currency: try currency(row.get(3)))
            openings[OpeningReference(tenant: try row.get(0), text: try row.get(1))] = amount
        }
        return openings
    }

    private static func currency(_ code: String) throws -> Currency {
        guard let currency = Currency(code) else {
            throw Unreadable("the stored currency is not in ISO 4217")
        }
        return currency
    }
}
