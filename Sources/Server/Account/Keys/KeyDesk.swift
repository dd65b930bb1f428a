internal import Catalog
internal import Postgres
internal import Primitives

/// The API keys that customers make for themselves, in any dialect that their reseller sells in.
///
/// A test key is the double's in the sandbox, which is made with the first of them: so it takes the owner's connection,
/// where everything else runs under row-level security.
struct KeyDesk: Sendable {
    let proving: Proving
    let live: IdempotentConnectionChange
    let sandbox: IdempotentConnectionChange
    /// Of the dialects that are served.
    let forms: [DialectName: KeyForm]
    let ids: any IdentifierSource
    let random: any RandomSource

    var pool: PostgresPool { proving.pool }

    /// Why nothing was made, where the proof was good.
    enum Refusal: Error, Sendable, Hashable {
        case tooMany
        /// The reseller has no sandbox, and so no test keys.
        case sandboxMissing
    }

    /// The dialects that are served, and that a tenant's plans are sold in.
    func dialects(of catalogue: TenantCatalogue) -> [DialectName] {
        forms.keys.filter { dialect in
            catalogue.plans.contains { $0.isActive && $0.sellsIn.contains(dialect) }
        }.sorted()
    }

    /// Makes a key, once under an Idempotency-Key; a repeat needs the password again, and no other code.
    func create(
        _ draft: CustomerKey.Draft, for caller: Principal, of tenant: Tenant, _ password: String,
        _ code: ShownCode, claim: IdempotentConnectionChange.Claim?
    ) async throws -> IdempotentConnectionChange.Answer {
        let proven = try await proving.password(password, of: caller.person, in: caller.tenant)
        let changes = draft.environment == .test ? sandbox : live
        do {
            return try await changes.run(tenant: caller.tenant, principal: caller.id, claim: claim) {
                [self] transaction, command in
                _ = try proving.confirm(proven, code, transaction)
                let (tenant, customer) = try owner(of: draft, caller, tenant, transaction)
                return try insert(draft, tenant, customer, caller, command, transaction)
            }
        } catch let refusal as OperatorWork.Refusal {
            guard case .sandboxMissing = refusal else { throw refusal }
            throw Refusal.sandboxMissing
        }
    }

    private func owner(
        of draft: CustomerKey.Draft, _ caller: Principal, _ tenant: Tenant, _ transaction: Transaction
    ) throws -> (TenantID, CustomerID) {
        guard draft.environment == .test else { return (caller.tenant, caller.customer) }
        let work = OperatorWork(
            pool: pool, identifiers: ids, random: random, actor: "person \(caller.id)")
        let (sandbox, double) = try OperatorWork.owner(
            caller.customer.description, try OperatorWork.tenant(tenant.slug, transaction), .test,
            transaction
        ) { try work.makeDouble(of: $0, in: $1, transaction) }
        return (sandbox.id, double.id)
    }

    private func insert(
        _ draft: CustomerKey.Draft, _ tenant: TenantID, _ customer: CustomerID, _ caller: Principal,
        _ command: CommandID, _ transaction: Transaction
    ) throws -> (status: Int, body: [UInt8]) {
        let text = draft.form.make(random, for: draft.environment)
        let digest = CredentialDigest(of: text)
        let key = CustomerKey(
            id: ids.next(at: transaction.realNow), dialect: draft.dialect, environment: draft.environment,
            hint: draft.form.hint(text), label: draft.label, scopes: draft.scopes,
            allowedSources: draft.allowedSources, expiresAt: draft.expiresAt,
            createdAt: transaction.realNow, lastUsedAt: nil, revokedAt: nil)
        let results = try transaction.pipeline([
            CustomerKeyStore.lock(customer, tenant),
            CustomerKeyStore.insert(
                key, digest, customer, tenant, by: caller.person, at: transaction.realNow),
            // The doors may remember that this text was nobody's.
            APIKeyStore.notify(digest),
            AccountEventStore.insert(
                "key.created", command, by: caller, about: Self.subject(key), at: transaction.now),
        ])
        guard results[1].affected == 1 else { throw Refusal.tooMany }
        var answer = key.json
        answer["key"] = .string(text)
        return (201, JSON.object(answer).encoded())
    }

    static func subject(_ key: CustomerKey) -> JSONObject {
        var subject = JSONObject()
        subject["key"] = .string(key.id.description)
        subject["dialect"] = .string(key.dialect.rawValue)
        subject["environment"] = .string(key.environment == .test ? "test" : "live")
        return subject
    }
}
