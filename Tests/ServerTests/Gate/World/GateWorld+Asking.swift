import HTTPTypes
import Primitives

@testable import Server

/// A request as a client sends it.
struct GateRequest: Sendable {
    var method: HTTPRequest.Method
    /// Path and query.
    var target: String
    var host: String
    var headers: [(String, String)] = []
    var body: String?

    /// The text that goes over the wire, with line feeds only.
    var text: String {
        var lines = ["\(method.rawValue) \(target) HTTP/1.1", "Host: \(host)"]
        lines += headers.map { "\($0.0): \($0.1)" }
        return lines.joined(separator: "\n") + "\n\n" + (body.map { $0 + "\n" } ?? "")
    }
}

extension GateWorld {
    func get(
        _ query: String, by customer: GateCustomer, of tenant: GateTenant, headers: [(String, String)] = []
    ) async throws -> GateReply {
        try await ask(
            GateRequest(
                method: .get, target: "/api/proxy?\(query)", host: tenant.host,
                headers: [("x-api-key", customer.key)] + headers))
    }

    func post(
        _ body: String, by customer: GateCustomer, of tenant: GateTenant, headers: [(String, String)] = []
    ) async throws -> GateReply {
        try await ask(
            GateRequest(
                method: .post, target: "/api/proxy", host: tenant.host,
                headers: [("x-api-key", customer.key), ("Content-Type", "application/json")] + headers,
                body: body))
    }

    /// Through the whole door: mount, path, method, size, dialect.
    ///
    /// - Parameter reading: what became of the body on its way, where it did not arrive.
    func ask(_ request: GateRequest, reading: BodyReading? = nil) async throws -> GateReply {
        var fields = HTTPFields()
        for (name, value) in request.headers {
            fields.append(HTTPField(name: HTTPField.Name(name)!, value: value))
        }
        let arrival = Arrival(
            method: request.method, headers: fields,
            target: RequestTarget(authority: request.host, target: request.target), receivedAt: clock.now(),
            id: "request-1", remoteAddress: "192.0.2.1")
        let bytes = Array((request.body ?? "").utf8)
        let (response, _) = try await door.answer(arrival) {
            reading ?? (bytes.count > HTTPSettings().bodyMax ? .tooLarge : .whole(bytes))
        }
        return GateReply(response)
    }
}

/// What was answered.
struct GateReply: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let body: String

    init(status: HTTPResponse.Status, headers: HTTPFields, body: String) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(_ response: DialectResponse) {
        self.init(
            status: response.status, headers: response.headers,
            body: String(decoding: response.body, as: UTF8.self))
    }

    /// The text that goes over the wire, with line feeds only.
    var text: String {
        let fields = headers.map { "\($0.name): \($0.value)" }
        return (["HTTP/1.1 \(status)"] + fields).joined(separator: "\n") + "\n\n"
            + (body.isEmpty ? "" : body + "\n")
    }

    var json: JSON { (try? JSON.parse(body.utf8)) ?? .null }
    /// `200`, or status and code of a problem: `409 sold_out`.
    var outcome: String { json["code"]?.stringValue.map { "\(status.code) \($0)" } ?? "\(status.code)" }

    var subscriptionID: String { json["subscriptionId"]?.stringValue ?? "" }
    var subscriptions: [JSON] { json["subscriptions"]?.arrayValue ?? json["subscription"].map { [$0] } ?? [] }
}
