internal import Catalog
internal import HTTPTypes

extension AdminPermission {
    /// What is sold, where and for how much.
    fileprivate static let selling = AdminPermission.roles(.owner, .catalogue)
}

extension AdminAPI {
    static let catalogueEndpoints: [AdminEndpoint] =
        wholeCatalogue + CatalogueKind.allCases.flatMap(operations(on:)) + [couponDryRun]

    private static let wholeCatalogue = [
        AdminEndpoint(
            name: "getCatalogue", method: .get, place: .tenant, path: "/catalogue", permission: .everybody,
            tag: "catalogue",
            summary:
                "The whole catalogue as the file that `tollgate apply` takes, as YAML for who accepts that",
            answer: "Catalogue", hasYAML: true, isTagged: true, problems: [.sandboxFollows],
            handler: .admitted(AdminAPI.getCatalogue)),
        AdminEndpoint(
            name: "replaceCatalogue", method: .put, place: .tenant, path: "/catalogue", permission: .selling,
            tag: "catalogue", summary: "Make the catalogue what the file says, as `tollgate apply` does",
            query: ["DryRun", "Prune"], body: "CatalogueFile", answer: "CatalogueReport", takesYAML: true,
            bodyMax: 4 * 1_024 * 1_024, isConditional: true, problems: [.sandboxFollows],
            handler: .admitted(AdminAPI.replaceCatalogue)),
    ]

    /// The same operations of everything that a catalogue is made of.
    private static func operations(on kind: CatalogueKind) -> [AdminEndpoint] {
        let (one, path, word) = (kind.schemaName, "/catalogue/\(kind.list)", kind.rawValue)
        return [
            AdminEndpoint(
                name: "list\(one)s", method: .get, place: .tenant, path: path, permission: .everybody,
                tag: "catalogue", summary: "The tenant's \(kind.list), by name",
                query: kind == .host ? ["Limit", "Cursor"] : ["Limit", "Cursor", "CatalogueActive"],
                answer: "\(one)List",
                handler: .admitted { api in { try await api.listItems(kind, $0) } }),
            AdminEndpoint(
                name: "create\(one)", method: .post, place: .tenant, path: path, permission: .selling,
                tag: "catalogue", summary: "Add a \(word)", body: "New\(one)", status: .created, answer: one,
                isTagged: true, problems: [.nameTaken, .sandboxFollows],
                handler: .admitted { api in { try await api.createItem(kind, $0) } }),
            AdminEndpoint(
                name: "get\(one)", method: .get, place: .tenant, path: "\(path)/{name}",
                permission: .everybody, tag: "catalogue", summary: "One \(word)", answer: one,
                isTagged: true, handler: .admitted { api in { try await api.getItem(kind, $0) } }),
            AdminEndpoint(
                name: "update\(one)", method: .patch, place: .tenant, path: "\(path)/{name}",
                permission: .selling, tag: "catalogue",
                summary: "Change what is named of a \(word); a member that is `null` is as if left out",
                body: "\(one)Change", answer: one, isTagged: true, isConditional: true,
                problems: [.sandboxFollows],
                handler: .admitted { api in { try await api.updateItem(kind, $0) } }),
            AdminEndpoint(
                name: kind == .host ? "remove\(one)" : "deactivate\(one)", method: .delete, place: .tenant,
                path: "\(path)/{name}", permission: .selling, tag: "catalogue",
                summary: kind == .host
                    ? "Take a host off its door" : "Sell nothing more by it; what was sold stays",
                answer: one, isTagged: true, isConditional: true, problems: [.sandboxFollows],
                handler: .admitted { api in { try await api.removeItem(kind, $0) } }),
        ]
    }

    private static let couponDryRun = AdminEndpoint(
        name: "tryCatalogueCoupon", method: .get, place: .tenant, path: "/catalogue/coupons/{name}/dry-run",
        permission: .everybody, tag: "catalogue",
        summary: "What the coupon would take off an order, or why it would not; nothing is reserved",
        query: ["CouponPlan", "Quantity", "RepeatCount", "CouponOrder", "CouponCustomer"],
        answer: "CouponDryRun",
        handler: .admitted(AdminAPI.tryCoupon))
}

extension CatalogueKind {
    /// What documents call one of them.
    var schemaName: String {
        switch self {
        case .host: "CatalogueHost"
        case .network: "CatalogueNetwork"
        case .gateway: "CatalogueGateway"
        case .plan: "CataloguePlan"
        case .coupon: "CatalogueCoupon"
        case .group: "CatalogueGroup"
        }
    }
}
