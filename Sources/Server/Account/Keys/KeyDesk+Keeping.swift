internal import Catalog
internal import Postgres
internal import Primitives

extension KeyDesk {
    /// A customer's keys, the newest first, those of their double in the sandbox among them.
    ///
    /// - Parameter sandbox: the tenant's, where it has one.
    func page(
        of caller: Principal, sandbox: TenantID?, before: APIKeyID?, limit: Int
    ) async throws -> Page<CustomerKey, APIKeyID> {
        let (email, own) = try await pool.snapshot(tenant: caller.tenant) { transaction in
            let results = try transaction.pipeline([
                CustomerKeyStore.email(of: caller.customer, caller.tenant),
                CustomerKeyStore.page(of: caller.customer, caller.tenant, before: before, limit: limit + 1),
            ])
            return (
                try results[0].first?.get(0, as: String.self),
                try CustomerKeyStore.keys(results[1], .live)
            )
        }
        var keys = own
        if let sandbox, let email {
            keys += try await pool.snapshot(tenant: sandbox) { transaction in
                guard let double = try Self.double(email, sandbox, transaction) else { return [] }
                return try CustomerKeyStore.keys(
                    transaction.query(
                        CustomerKeyStore.page(of: double, sandbox, before: before, limit: limit + 1)), .test)
            }
        }
        keys.sort { $1.id < $0.id }
        return Page(readingOneMore: keys, limit: limit) { $0.id }
    }

    /// Revokes a key of the customer's or of their double's; every process hears of it at once. Again, it changes
    /// nothing.
    /// - Returns: `nil` where they have no such key.
    func revoke(_ key: APIKeyID, of caller: Principal, sandbox: TenantID?) async throws -> CustomerKey? {
        let (email, own) = try await pool.transaction(tenant: caller.tenant) { transaction in
            let found = try transaction.query(CustomerKeyStore.email(of: caller.customer, caller.tenant))
            return (
                try found.first?.get(0, as: String.self), try revoke(key, .live, by: caller, transaction)
            )
        }
        guard own == nil, let sandbox, let email else { return own }
        return try await pool.transaction(tenant: sandbox) { transaction in
            guard let double = try Self.double(email, sandbox, transaction) else { return nil }
            let caller = Principal(
                tenant: sandbox, dialect: caller.dialect, customer: double, id: caller.id, kind: caller.kind)
            return try revoke(key, .test, by: caller, transaction)
        }
    }

    private func revoke(
        _ id: APIKeyID, _ environment: KeyEnvironment, by caller: Principal, _ transaction: Transaction
    ) throws -> CustomerKey? {
        let revoked = try transaction.query(
            CustomerKeyStore.revoke(id, of: caller.customer, caller.tenant, at: transaction.realNow))
        guard let key = try CustomerKeyStore.keys(revoked, environment).first else { return nil }
        _ = try transaction.pipeline([
            CustomerWrites.notification,
            AccountEventStore.insert(
                "key.revoked", ids.next(at: transaction.realNow), by: caller, about: Self.subject(key),
                at: transaction.now),
        ])
        return key
    }

    private static func double(
        _ email: String, _ sandbox: TenantID, _ transaction: Transaction
    ) throws -> CustomerID? {
        try transaction.query(CustomerKeyStore.customer(email, sandbox)).first?.get(0)
    }
}
