import HTTPTypes
import Primitives
import Testing

@testable import Server

extension OPWorld {
    /// Asks below `/api/v1` of a tenant's own host, with a customer's key.
    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, by customer: String = "carol",
        of tenant: OPTenant, headers: [(String, String)] = []
    ) async throws -> DoorReply {
        try await ask(request(method, path, body, by: customer, of: tenant, headers: headers))
    }

    func request(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, by customer: String = "carol",
        of tenant: OPTenant, headers: [(String, String)] = []
    ) -> DoorRequest {
        var fields = [("Authorization", "Bearer \(tenant.key(customer))")]
        if body != nil { fields.append(("Content-Type", "application/json")) }
        return DoorRequest(
            method: method, target: "/api/v1\(path)", host: tenant.host, headers: fields + headers, body: body
        )
    }

    /// Buys a service and gives back its id.
    @discardableResult
    func buy(
        _ plan: String, _ type: String = "ipv6_rotating", by customer: String = "carol", of tenant: OPTenant
    ) async throws -> String {
        let reply = try await purchase(plan, type, by: customer, of: tenant)
        #expect(reply.outcome == "200", "\(reply.body)")
        return reply.data["service_id"]?.stringValue ?? ""
    }

    func purchase(
        _ plan: String, _ type: String = "ipv6_rotating", by customer: String = "carol", of tenant: OPTenant,
        headers: [(String, String)] = []
    ) async throws -> DoorReply {
        try await ask(
            .post, "/purchase", #"{"type":"\#(type)","plan_id":"\#(tenant.plan(plan))"}"#, by: customer,
            of: tenant, headers: headers)
    }

    /// A service as its customer sees it.
    func service(_ id: String, by customer: String = "carol", of tenant: OPTenant) async throws -> JSON {
        try await ask(.get, "/services/\(id)", by: customer, of: tenant).data
    }

    /// The lines of a service's list.
    func lines(_ id: String, _ query: String = "", of tenant: OPTenant) async throws -> [String] {
        let reply = try await ask(.get, "/services/\(id)/proxies\(query)", of: tenant)
        #expect(reply.status == .ok, "\(reply.body)")
        return reply.body.split(separator: "\n").map(String.init)
    }
}

extension DoorReply {
    var data: JSON { json["data"] ?? .null }
}
