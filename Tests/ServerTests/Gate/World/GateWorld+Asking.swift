import HTTPTypes
import Primitives

@testable import Server

extension GateWorld {
    func get(
        _ query: String, by customer: GateCustomer, of tenant: GateTenant, headers: [(String, String)] = []
    ) async throws -> DoorReply {
        try await ask(
            DoorRequest(
                method: .get, target: "/api/proxy?\(query)", host: tenant.host,
                headers: [("x-api-key", customer.key)] + headers))
    }

    func post(
        _ body: String, by customer: GateCustomer, of tenant: GateTenant, headers: [(String, String)] = []
    ) async throws -> DoorReply {
        try await ask(
            DoorRequest(
                method: .post, target: "/api/proxy", host: tenant.host,
                headers: [("x-api-key", customer.key), ("Content-Type", "application/json")] + headers,
                body: body))
    }
}

extension DoorReply {
    var subscriptionID: String { json["subscriptionId"]?.stringValue ?? "" }
    var subscriptions: [JSON] { json["subscriptions"]?.arrayValue ?? json["subscription"].map { [$0] } ?? [] }
}
