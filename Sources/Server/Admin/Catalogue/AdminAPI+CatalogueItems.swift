internal import Catalog
internal import Foundation
internal import HTTPTypes
internal import Primitives

extension AdminAPI {
    func listItems(_ kind: CatalogueKind, _ call: AdminCall) async throws -> AdminAnswer {
        let query = kind == .host ? try AdminQuery(call) : try AdminQuery(call, "active")
        let (limit, after): (Int, String?) = (try query.limit(), try query.cursor())
        let active = try Self.active(query)
        let catalogue = try await catalogueDesk.shown(call.tenantInPath).catalogue
        let rest = catalogue.all(kind).filter { item in
            item.name > after ?? ""
                && (active == nil || item.value["active"]?.boolValue == active)
        }
        let page = Page(readingOneMore: Array(rest.prefix(limit + 1)), limit: limit, cursor: \.name)
        return .json(page.json({ $0 }, { $0.value }))
    }

    private static func active(_ query: AdminQuery) throws(AdminProblem) -> Bool? {
        switch try query.text("active", "true or false") {
        case nil: return nil
        case "true": return true
        case "false": return false
        case .some: throw .invalidQuery("active", "true or false")
        }
    }

    func getItem(_ kind: CatalogueKind, _ call: AdminCall) async throws -> AdminAnswer {
        let catalogue = try await catalogueDesk.shown(call.tenantInPath).catalogue
        return .json(try Self.item(kind, call.itemName(kind), in: catalogue))
    }

    func createItem(_ kind: CatalogueKind, _ call: AdminCall) async throws -> AdminAnswer {
        let (body, members) = try Self.members(call, kind)
        let vocabulary = catalogueDesk.vocabulary
        let item: CatalogueItem
        do throws(DocumentError) {
            item = try CatalogueItem.parse(
                ShownCatalogue.said(members), kind, currency: call.tenantInPath.currency,
                vocabulary: vocabulary)
        } catch {
            throw AdminProblem(error)
        }
        return try await catalogueDesk.change(call, body) { state in
            let catalogue = state.catalogue
            let isTaken =
                catalogue.one(kind, item.name) != nil
                || kind == .host && catalogue.isAnothers(host: item.name)
            guard !isTaken else { throw AdminProblem(.nameTaken, field: kind.nameKey) }
            return .document(
                CatalogueDocument(item, of: catalogue.tenant, hasSandbox: catalogue.hasSandbox))
        } _: { _, after, _ in
            let value = try Self.item(kind, item.name, in: after.catalogue)
            return (value, AuditNote(call.endpoint.name, kind.rawValue, item.name, from: nil, to: value))
        }
    }

    func updateItem(_ kind: CatalogueKind, _ call: AdminCall) async throws -> AdminAnswer {
        let (body, members) = try Self.members(call, kind)
        return try await update(kind, call, body, members)
    }

    /// Of a host there is nothing that could be inactive; everything else is kept, for what was sold refers to it.
    func removeItem(_ kind: CatalogueKind, _ call: AdminCall) async throws -> AdminAnswer {
        let body = try AdminFields(call).body
        guard kind == .host else {
            var members = JSONObject()
            members["active"] = false
            return try await update(kind, call, body, members)
        }
        let name = call.itemName(kind)
        return try await catalogueDesk.change(call, body) { state in
            let current = try Self.item(kind, name, in: state.catalogue)
            try call.requireMatch(current)
            guard let host = state.catalogue.host(name) else { throw AdminProblem(.notFound) }
            return .removal(host)
        } _: { before, _, _ in
            let value = try Self.item(kind, name, in: before.catalogue)
            return (value, AuditNote(call.endpoint.name, kind.rawValue, name, from: value, to: nil))
        }
    }

    /// A price list is changed price by price: who names one must not take the others away.
    private static func changed(
        _ current: JSON?, by change: JSON, of member: String, _ kind: CatalogueKind
    ) -> JSON {
        guard kind == .group, member == "prices", var list = current?.objectValue,
            let prices = change.objectValue
        else { return change }
        for price in prices.members {
            list[price.key] = price.value.isNull ? JSON?.none : price.value
        }
        return .object(list)
    }

    private func update(
        _ kind: CatalogueKind, _ call: AdminCall, _ body: JSON, _ members: JSONObject
    ) async throws -> AdminAnswer {
        let (name, vocabulary) = (call.itemName(kind), catalogueDesk.vocabulary)
        return try await catalogueDesk.change(call, body) { state in
            let current = try Self.item(kind, name, in: state.catalogue)
            try call.requireMatch(current)
            var wanted = current.objectValue ?? JSONObject()
            for member in members.members {
                wanted[member.key] = Self.changed(wanted[member.key], by: member.value, of: member.key, kind)
            }
            let tenant = state.catalogue.tenant
            let item = try CatalogueItem.parse(
                ShownCatalogue.said(wanted), kind, currency: tenant.currency, vocabulary: vocabulary)
            guard item.name == name else {
                throw AdminProblem.invalid(kind.nameKey, "the one in the path: it cannot change")
            }
            return .document(
                CatalogueDocument(item, of: tenant, hasSandbox: state.catalogue.hasSandbox))
        } _: { before, after, _ in
            let old = try Self.item(kind, name, in: before.catalogue)
            let value = try Self.item(kind, name, in: after.catalogue)
            // Where only the sandbox had to catch up, nothing of the tenant's own changed.
            let note = AuditNote(call.endpoint.name, kind.rawValue, name, from: old, to: value)
            return (value, old == value ? nil : note)
        }
    }

    /// The members that the request names, of those that the file knows.
    private static func members(
        _ call: AdminCall, _ kind: CatalogueKind
    ) throws(AdminProblem) -> (body: JSON, members: JSONObject) {
        let body = try AdminFields(call.request, CatalogueMember.all(kind).map(\.name)).body
        return (body, body.objectValue ?? JSONObject())
    }

    private static func item(
        _ kind: CatalogueKind, _ name: String, in catalogue: ShownCatalogue
    ) throws(AdminProblem) -> JSON {
        guard let item = catalogue.one(kind, name) else { throw AdminProblem(.notFound) }
        return item
    }
}

extension AdminCall {
    /// The tenant that the path names, where it names one.
    var tenantInPath: AdminTenant {
        guard let tenant else { preconditionFailure("a tenant's path without a tenant") }
        return tenant
    }

    /// The name in the path, as it is kept.
    func itemName(_ kind: CatalogueKind) -> String {
        let name = String(parameters["name"] ?? "").removingPercentEncoding ?? ""
        return kind == .coupon ? name.uppercased() : name
    }
}

extension AdminProblem {
    /// What is wrong with what a catalogue should say.
    init(_ error: DocumentError) {
        self.init(Code.invalidField, error.message, field: error.mark.field)
    }
}
