import HTTPTypes
import Primitives
import TestSupport

@testable import Server

/// A request of an operation that goes well for whoever may make it, made anew for every visitor.
struct AdminExample: Sendable {
    var path: String
    var headers: HTTPFields = [:]
    var body: JSON?
    var status = 200
}

extension AdminWorld {
    /// What the walk asks of an operation: at this tenant, where its path has one.
    ///
    /// - Parameter number: another one for every request, so that no two collide.
    func example(
        of endpoint: AdminEndpoint, by visitor: AdminVisitor, at slug: String, number: Int
    ) async throws -> AdminExample {
        let owner: TenantID =
            switch endpoint.place {
            case .platform: .platform
            case .tenant: slug == "alba" ? TenantID(1) : TenantID(2)
            }
        var example = AdminExample(
            path: String(endpoint.pattern.dropFirst("/v1".count)).replacing("{tenant}", with: slug))
        example.status = endpoint.status.code
        switch endpoint.name {
        case "createPerson", "createTenantPerson":
            example.body = ["email": .string("new\(number)@example.test"), "name": "New", "role": "support"]
        case "getPerson", "getTenantPerson":
            example.fill(try await spare(number, in: owner).id.description)
        case "updatePerson", "updateTenantPerson":
            example.fill(try await spare(number, in: owner).id.description)
            example.headers[.ifMatch] = "*"
            example.body = ["name": "Another"]
        case "resetPersonSecondFactor", "resetTenantPersonSecondFactor":
            let person = try await spare(number, in: owner)
            try await beginFactor(of: person)
            example.fill(person.id.description)
        case "createAdminKey", "createTenantAdminKey":
            example.body = ["name": "robot", "role": "finance"]
        case "getAdminKey", "getTenantAdminKey", "revokeAdminKey", "revokeTenantAdminKey":
            example.fill(try await spareKey(in: owner).id.description)
        case "changePassword":
            example.body = [
                "current_password": .string(Self.password), "password": "another horse battery",
            ]
        case "confirmSecondFactor": example.body = ["code": "000000"]
        case "removeSecondFactor":
            example.body = ["password": .string(Self.password), "code": "000000"]
        case "createTenant":
            example.body = [
                "slug": .string("walk-\(number)"), "name": "Walk", "currency": "EUR", "sandbox": true,
            ]
        case "updateTenant":
            example.headers[.ifMatch] = "*"
            example.body = ["name": .string("\(slug) \(number)")]
        case "getExport", "getExportManifest":
            example.path = example.path.replacing("{kind}", with: "journal") + "?from=2026-01&to=2026-02"
        case "beginSecondFactor": example.body = ["password": .string(Self.password)]
        default:
            try await fillBooks(&example, of: endpoint, in: owner, number: number)
            try await fillCatalogue(&example, endpoint, slug, number)
        }
        return example
    }

    /// Somebody of no consequence, for the walk to work on.
    func spare(_ number: Int, in owner: TenantID) async throws -> StaffPerson {
        let new = NewStaffPerson(
            email: "spare\(number)@example.test", name: "Spare", role: .support, passwordHash: "none")
        return try await admin.pool.transaction(tenant: owner) { [ids = admin.ids] in
            try new.insert(owner, ids, $0)
        }
    }

    private func spareKey(in owner: TenantID) async throws -> AdminKey {
        let text = AdminKeyText(for: StaffScope(owner), SystemRandom())
        return try await admin.pool.transaction(tenant: owner) { [ids = admin.ids] transaction in
            let key = AdminKey(
                scope: text.scope, id: ids.next(at: transaction.realNow), name: "spare", role: .support,
                hint: text.hint, allowedSources: nil, expiresAt: nil, revokedAt: nil,
                createdAt: transaction.realNow)
            _ = try transaction.query(AdminKeyStore.insert(key, text.digest))
            return key
        }
    }

    private func beginFactor(of person: StaffPerson) async throws {
        _ = try await admin.pool.transaction(tenant: person.scope.number) { [factors = admin.factors] in
            try factors.begin(for: person, issuer: "Tollgate", $0).uri
        }
    }
}

extension AdminExample {
    mutating func fill(_ id: String) { path = path.replacing("{id}", with: id) }
}
