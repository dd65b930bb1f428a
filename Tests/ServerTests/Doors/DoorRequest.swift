import HTTPTypes
import Primitives

@testable import Server

/// A request as a client sends it.
struct DoorRequest: Sendable {
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

/// What was answered.
struct DoorReply: Sendable {
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
    /// The code of a problem, wherever its dialect puts it.
    var code: String? { json["code"]?.stringValue ?? json["error"]?["code"]?.stringValue }
    /// `200`, or status and code of a problem: `409 sold_out`.
    var outcome: String { code.map { "\(status.code) \($0)" } ?? "\(status.code)" }
}
