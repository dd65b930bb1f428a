internal import Catalog
internal import Primitives

extension CustomerDraft {
    /// Keys that the file gives are found by their digest; those it leaves out are paired, oldest first, with
    /// the customer's other good keys of the dialect, and made where there are too few.
    mutating func addKeys(
        _ document: CustomerDocument, _ customer: CustomerID, _ slug: String, _ tenant: TenantID
    ) throws {
        let owner = KeyOwner(tenant: tenant, slug: slug, customer: customer, email: document.email)
        let digests = document.keys.map { $0.key.map { CredentialDigest(of: $0.value).bytes } }
        var named = Set(digests.compactMap(\.self))
        for (key, digest) in zip(document.keys, digests) {
            if let given = key.key, let digest {
                try add(given, digest, key, owner)
            } else if let spare = spareKey(for: key, of: owner, besides: named) {
                named.insert(spare.digest)
                change(to: key, spare, owner)
            } else if key.isActive, key.expiresAt.map({ now < $0 }) ?? true {
                make(key, owner)
            }
        }
        guard prunes, document.listsKeys else { return }
        for row in index.keys[customer] ?? [] where !row.isRevoked && !named.contains(row.digest) {
            var revoked = row
            revoked.isRevoked = true
            plan.keys.append(
                Difference(tenant: slug, kind: "key").deactivation(revoked, name: owner.name(row)))
        }
    }

    private struct KeyOwner {
        let tenant: TenantID
        let slug: String
        let customer: CustomerID
        let email: String

        func owns(_ row: KeyRow) -> Bool { row.tenant == tenant && row.customer == customer }
        func name(_ row: KeyRow) -> String { "\(email) \(row.dialect) \(row.hint)" }
    }

    private mutating func add(
        _ given: Located<String>, _ digest: [UInt8], _ document: KeyDocument, _ owner: KeyOwner
    ) throws(DocumentError) {
        guard let current = index.keysByDigest[digest] else {
            let row = row(document, digest, hint: dialects.keyForm(document.dialect).hint(given.value), owner)
            plan.keys.append(CatalogueChange(row, created(row, owner)))
            return
        }
        guard owner.owns(current) else { throw given.mark.problem("this key belongs to another customer") }
        guard current.dialect == document.dialect else {
            throw given.mark.problem("this key is one of \(current.dialect) already")
        }
        // Whoever revoked it had a reason, and a file applied again must not undo it.
        if current.isRevoked, document.isActive {
            plan.warnings.append(
                "\(given.mark.file):\(given.mark.line):\(given.mark.column): key \(current.hint) of \(owner.email) is "
                    + "revoked and stays so; put another one in its place")
            return
        }
        change(to: document, current, owner)
    }

    private mutating func change(to document: KeyDocument, _ current: KeyRow, _ owner: KeyOwner) {
        var desired = current
        desired.mayTakeTrials = document.mayTakeTrials
        desired.scopes = document.scopes
        desired.rateLimit = document.rateLimit
        desired.expiresAt = document.expiresAt
        desired.allowedSources = document.allowedSources
        desired.isRevoked = !document.isActive
        let difference = Difference(tenant: owner.slug, kind: "key")
        let change = difference.change(to: desired, from: current, name: owner.name(current)) { row in
            [
                ("trials", row.mayTakeTrials ? "yes" : "no"),
                ("scopes", "[\(row.scopes.joined(separator: ", "))]"),
                ("rate_limit", row.rateLimit ?? "none"),
                ("expires_at", row.expiresAt?.rfc3339() ?? "never"),
                ("allow", row.allowedSources.map { "[\($0)]" } ?? "anywhere"),
                ("active", row.isRevoked ? "no" : "yes"),
            ]
        }
        if let change { plan.keys.append(change) }
    }

    private mutating func make(_ document: KeyDocument, _ owner: KeyOwner) {
        let form = dialects.keyForm(document.dialect)
        let key = form.make(random, for: document.environment)
        let row = row(document, CredentialDigest(of: key).bytes, hint: form.hint(key), owner)
        // The line does not say which one: a dry run's key is never made.
        let line = ChangeLine(
            .create, tenant: owner.slug, kind: "key", name: "\(owner.email) \(row.dialect), made")
        plan.keys.append(CatalogueChange(row, line))
        plan.generatedKeys.append(
            GeneratedKey(tenant: owner.slug, customer: owner.email, dialect: document.dialect, key: key))
    }

    /// One that ends when the file says comes first, even if that has been; an end that is over is no other key's.
    private func spareKey(
        for document: KeyDocument, of owner: KeyOwner, besides named: Set<[UInt8]>
    ) -> KeyRow? {
        let spare = (index.keys[owner.customer] ?? []).filter { key in
            key.dialect == document.dialect && !key.isRevoked && !named.contains(key.digest)
        }
        func isGood(until end: Instant?) -> Bool { end.map { now < $0 } ?? true }
        if let end = document.expiresAt, let same = spare.first(where: { $0.expiresAt == end }) {
            return same
        }
        return isGood(until: document.expiresAt) ? spare.first { isGood(until: $0.expiresAt) } : nil
    }

    private mutating func row(
        _ document: KeyDocument, _ digest: [UInt8], hint: String, _ owner: KeyOwner
    ) -> KeyRow {
        KeyRow(
            digest: digest, tenant: owner.tenant, id: ids.next(at: now), customer: owner.customer,
            dialect: document.dialect, hint: hint, mayTakeTrials: document.mayTakeTrials,
            scopes: document.scopes, rateLimit: document.rateLimit, expiresAt: document.expiresAt,
            allowedSources: document.allowedSources, isRevoked: !document.isActive)
    }

    private func created(_ row: KeyRow, _ owner: KeyOwner) -> ChangeLine {
        ChangeLine(.create, tenant: owner.slug, kind: "key", name: owner.name(row))
    }
}
