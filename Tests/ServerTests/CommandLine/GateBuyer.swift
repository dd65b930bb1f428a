import AsyncHTTPClient
import NIOCore
import Primitives
import TestSupport
import Testing

/// A customer with a key of the gate, before a server that is another process.
struct GateBuyer {
    /// Up to and with `/api/proxy`.
    let url: String
    let key: String

    /// Buys of the first plan, once there is something on the shelf; the first subscription's id.
    func buy(_ more: String = "") async throws -> String {
        let listed = try await ask("?op=plans").body
        let plan = try #require(listed["plans"]?.arrayValue?.first?["id"]?.stringValue)
        var id: String?
        try await eventually("a purchase", within: .seconds(60)) {
            let reply = try await ask("", #"{"op":"purchase","planId":"\#(plan)"\#(more)}"#)
            guard reply.isOK else { return false }
            id = Self.subscription(in: reply.body)
            return true
        }
        return try #require(id)
    }

    func ask(_ query: String, _ body: String? = nil) async throws -> (isOK: Bool, body: JSON) {
        var request = HTTPClientRequest(url: url + query)
        request.headers.add(name: "x-api-key", value: key)
        if let body {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let text = try await answer.body.collect(upTo: 1 << 20)
        return (answer.status == .ok, try JSON.parse(Array(buffer: text)))
    }

    /// The first `subscriptionId`, wherever the answer has it.
    private static func subscription(in json: JSON) -> String? {
        if let id = json["subscriptionId"]?.stringValue { return id }
        if let members = json.objectValue?.members {
            return members.lazy.compactMap { subscription(in: $0.value) }.first
        }
        return json.arrayValue?.lazy.compactMap { subscription(in: $0) }.first
    }
}
