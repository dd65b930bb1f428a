internal import Catalog
internal import HTTPTypes
internal import Primitives

extension AdminAPI {
    func getCatalogue(_ call: AdminCall) async throws -> AdminAnswer {
        guard call.tenantInPath.sandboxOf == nil else { throw AdminProblem(.sandboxFollows) }
        let (catalogue, creditLimit) = try await catalogueDesk.shown(call.tenantInPath)
        let file = WholeCatalogue(catalogue.file(creditLimit: creditLimit))
        let wantsYAML = call.request.headers[values: .accept].contains { $0.lowercased().contains("yaml") }
        var response = DialectResponse(call.endpoint, wantsYAML ? file.yaml : file.json)
        if wantsYAML { response.headers[.contentType] = "application/yaml" }
        response.headers[.vary] = "Accept"
        return .raw(response)
    }

    func replaceCatalogue(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "dry_run", "prune")
        let (isDryRun, prunes) = (try Self.flag(query, "dry_run"), try Self.flag(query, "prune"))
        let body = try Self.file(call.request)
        let (slug, vocabulary) = (call.tenantInPath.slug, catalogueDesk.vocabulary)
        return try await catalogueDesk.change(call, body) { state in
            let file = WholeCatalogue(state.file)
            try call.requireMatch(tags: [AdminTag.of(file.json), AdminTag.of(file.yaml)])
            let asked = try WholeCatalogue(body).completed(by: file)
            let document = try CatalogueDocument.parse(json: asked, vocabulary: vocabulary)
            return .document(document, prunes: prunes, isDryRun: isDryRun)
        } _: { before, after, lines in
            let report = ApplyReport(isDryRun: isDryRun, lines: lines, warnings: [], generatedKeys: [])
            return (report.json, Self.note(of: call, slug, lines, before.catalogue, after.catalogue))
        }
    }

    /// The file that the request brings, in the form that it says.
    private static func file(_ request: DialectRequest) throws(AdminProblem) -> JSON {
        let type = request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type == "application/yaml" else { return try AdminFields(request, ["tenants"]).body }
        let file: JSON
        do throws(DocumentError) {
            file = try CatalogueYAML.read(request.body)
        } catch {
            let place = "line \(error.mark.line), column \(error.mark.column)"
            throw AdminProblem(.invalidYAML, "\(place): \(error.message)")
        }
        return try AdminFields(file, ["tenants"]).body
    }

    private static func flag(_ query: AdminQuery, _ name: String) throws(AdminProblem) -> Bool {
        switch try query.text(name, "true or false") {
        case "true": return true
        case nil, "false": return false
        case .some: throw .invalidQuery(name, "true or false")
        }
    }

    /// Of a whole file everything that changed, each by itself; what the sandbox did with it is understood.
    private static func note(
        of call: AdminCall, _ slug: String, _ lines: [ChangeLine], _ before: ShownCatalogue,
        _ after: ShownCatalogue
    ) -> AuditNote? {
        var (old, new) = (JSONObject(), JSONObject())
        for line in lines where line.tenant == slug {
            let name = "\(line.kind) \(line.name)"
            guard let kind = CatalogueKind(rawValue: line.kind) else {
                old[name] = line.values(\.old)
                new[name] = line.values(\.new)
                continue
            }
            let note = AuditNote(
                "", "", "", from: before.one(kind, line.name), to: after.one(kind, line.name))
            old[name] = note.before
            new[name] = note.after
        }
        guard !(old.isEmpty && new.isEmpty) else { return nil }
        return AuditNote(call.endpoint.name, "catalogue", slug, from: .object(old), to: .object(new))
    }
}

/// A tenant's catalogue as a whole file.
struct WholeCatalogue: Sendable {
    let value: JSON

    init(_ value: JSON) { self.value = value }

    var json: [UInt8] { value.encoded() }
    var yaml: [UInt8] { Array(CatalogueYAML.text(value).utf8) }

    private static let place = "tenants[0]"

    /// What is said of the tenant itself and is no catalogue: whether it is open, its sandbox, its wholesale account.
    private static let others = ["active", "sandbox", "wholesale"]

    /// The file as it is to be read: of this tenant and of no other, and silent on what is not the catalogue's, which
    /// stays as it is.
    func completed(by current: WholeCatalogue) throws(AdminProblem) -> JSON {
        guard let tenants = value["tenants"]?.arrayValue, tenants.count == 1,
            var tenant = tenants[0].objectValue
        else { throw .invalid("tenants", "a list of this one tenant") }
        guard let known = current.value["tenants"]?.arrayValue?.first?.objectValue else {
            preconditionFailure("a catalogue's file is of one tenant")
        }
        for name in ["slug", "currency"] where tenant[name] != known[name] {
            throw .invalid("\(Self.place).\(name)", "that of the tenant in the path")
        }
        for name in ["customers", "sandbox_balance"] where tenant[name] != nil {
            throw .invalid("\(Self.place).\(name)", "left out: it is no part of a catalogue")
        }
        for name in Self.others {
            if let asked = tenant[name], asked != known[name] {
                throw .invalid("\(Self.place).\(name)", "as it is, or left out: it is not changed here")
            }
            tenant[name] = known[name]
        }
        return ["tenants": [.object(tenant)]]
    }
}

extension AdminCall {
    /// Holds the request to a thing that is shown in several forms.
    func requireMatch(tags: [String]) throws(AdminProblem) {
        let named = request.headers[values: .ifMatch].flatMap { $0.split(separator: ",") }
            .map { String($0.filter { $0 != " " && $0 != "\t" }) }
        guard !named.isEmpty else { throw AdminProblem(.preconditionRequired) }
        guard named.contains(where: { $0 == "*" || tags.contains($0) }) else {
            throw AdminProblem(.preconditionFailed)
        }
    }
}
