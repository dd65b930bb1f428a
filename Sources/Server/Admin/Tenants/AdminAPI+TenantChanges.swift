internal import Catalog
internal import Postgres
internal import Primitives

// What a file says of a tenant itself, by the file's parser and the file's planner.

extension AdminAPI {
    private static let heads = ["name", "timezone", "grace", "active", "sandbox", "wholesale"]

    func createTenant(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call.request, ["slug", "currency"] + Self.heads)
        let document = try Self.document(fields.members, catalogueDesk.vocabulary)
        return try await catalogueDesk.create(call, fields.body, document)
    }

    func updateTenant(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call.request, Self.heads)
        let (tenant, vocabulary) = (call.namedTenant, catalogueDesk.vocabulary)
        return try await Self.naming {
            try await catalogueDesk.change(call, fields.body) { state in
                try call.requireMatch(tenant.json(as: state))
                return .tenant(try Self.document(Self.wanted(fields.members, of: state), vocabulary))
            } _: { before, after, _ in
                let (old, new) = (tenant.json(as: before), tenant.json(as: after))
                let note = AuditNote(call.endpoint.name, "tenant", tenant.slug, from: old, to: new)
                return (new, old == new ? nil : note)
            }
        }
    }

    /// The tenant's file with what is to be otherwise.
    private static func wanted(_ members: JSONObject, of state: CatalogueState) -> JSONObject {
        guard var file = state.file["tenants"]?.arrayValue?.first?.objectValue else {
            preconditionFailure("a catalogue's file is of one tenant")
        }
        // What is sold is as it is, and is said only to a sandbox that knows nothing yet.
        let isNew = members["sandbox"]?.boolValue == true && !state.catalogue.hasSandbox
        if !isNew {
            for kind in CatalogueKind.allCases { file[kind.list] = nil }
        }
        for member in members.members { file[member.key] = member.value }
        return file
    }

    private static func document(
        _ tenant: JSONObject, _ vocabulary: CatalogueVocabulary
    ) throws(AdminProblem) -> CatalogueDocument {
        // Its opening balance is an operator's to post.
        if let float = tenant["wholesale"]?["float"], !float.isNull {
            throw .invalid("wholesale.float", "left out: a float is not topped up here")
        }
        if let wholesale = tenant["wholesale"], wholesale["credit_limit"]?.stringValue == nil {
            throw .invalid("wholesale.credit_limit", "an amount such as \"500.00 USD\"")
        }
        do throws(DocumentError) {
            return try CatalogueDocument.parse(json: ["tenants": [.object(tenant)]], vocabulary: vocabulary)
        } catch {
            throw AdminProblem(error).ofTenant
        }
    }

    private static func naming<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch let problem as AdminProblem {
            throw problem.ofTenant
        }
    }
}

extension AdminProblem {
    /// The same of a request that is about one tenant, where a file would have a list of them.
    fileprivate var ofTenant: AdminProblem {
        let place = "tenants[0]."
        guard let field, field.hasPrefix(place) else { return self }
        return AdminProblem(code, message, field: String(field.dropFirst(place.count)))
    }
}

extension AdminTenant {
    /// As it is shown where the catalogue is in this state.
    fileprivate func json(as state: CatalogueState) -> JSON {
        let row = state.catalogue.tenant
        var tenant = self
        (tenant.name, tenant.timezone) = (row.name, row.timezone)
        (tenant.graceMilliseconds, tenant.isActive) = (row.graceMilliseconds, row.isActive)
        return tenant.json(hasSandbox: state.catalogue.hasSandbox, creditLimit: state.creditLimit)
    }
}

extension CatalogueDesk {
    /// Makes a tenant, and its sandbox where it is to have one, that nobody has the name of.
    func create(
        _ call: AdminCall, _ body: JSON, _ document: CatalogueDocument
    ) async throws -> AdminAnswer {
        let seed = seed()
        return try await changes.run(call, on: .platform, body) { transaction, _ in
            let slugs = document.tenants.map(\.slug)
            let rows = try CatalogueReads.rows(
                transaction.pipeline(CatalogueReads.statements(slugs: slugs)))
            guard !rows.tenants.contains(where: { slugs.contains($0.slug) }) else {
                throw AdminProblem(.nameTaken, field: "slug")
            }
            var ids = IdentifierSequence(seed: seed)
            let plan = try CataloguePlan.decide(
                document, on: rows, prune: false, scope: .tenants([]), ids: &ids, at: transaction.now)
            _ = try transaction.pipeline(
                CatalogueWrites.tenants(plan, at: transaction.now) + [CatalogueWrites.notification])
            _ = try TenantAccounts(transaction: transaction, seed: seed, owner: .platform)
                .write(document, plan.tenantIDs)
            let made = try AdminTenantStore.tenants(
                transaction.query(AdminTenantStore.tenant(slug: slugs[0])))
            guard let tenant = made.first else { preconditionFailure("a tenant that was made is not there") }
            let value = tenant.json(
                hasSandbox: slugs.count > 1,
                creditLimit: document.tenants[0].wholesaleCreditLimit.value)
            return (value, AuditNote(call.endpoint.name, "tenant", tenant.slug, from: nil, to: value))
        }
    }
}
