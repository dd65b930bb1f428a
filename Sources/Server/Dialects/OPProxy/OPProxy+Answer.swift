internal import HTTPTypes
internal import Primitives

extension OPProxy {
    /// What an endpoint answers when it went well: always 200, always `{"status":"ok","data":{…}}`.
    enum Answer: Sendable {
        case account(Wire.Account)
        case plans([Wire.Plan])
        case purchased(Wire.Purchased)
        case services([Wire.Service], next: String?)
        case service(Wire.Service)
        case credentials(serviceID: String, Wire.Auth)
        case proxies(ProxyList)
        case logs([Wire.LogEntry], next: String?)
        case key(KeyRecord)
    }

    /// What an Idempotency-Key did.
    struct KeyRecord: Sendable, Hashable {
        var key: String
        var httpStatus: Int
        var answeredAt: Instant
        /// The answer as it was given, which is JSON.
        var response: [UInt8]
    }
}

extension OPProxy.Answer {
    var body: [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.member("status", "ok")
        json.object("data") { write(to: &$0) }
        json.endObject()
        return json.bytes
    }

    private func write(to json: inout JSONWriter) {
        switch self {
        case .account(let account): account.write(to: &json)
        case .plans(let plans): json.array("plans", plans) { $0.write(to: &$1) }
        case .purchased(let service): service.write(to: &json)
        case .services(let services, let next):
            json.array("services", services) { service, json in
                json.beginObject()
                service.write(to: &json)
                json.endObject()
            }
            json.member("next_cursor", nullable: next)
        case .service(let service): service.write(to: &json)
        case .credentials(let serviceID, let auth):
            json.member("service_id", serviceID)
            json.key("auth")
            auth.write(to: &json)
        case .proxies(let list): list.write(to: &json)
        case .logs(let entries, let next):
            json.array("logs", entries) { $0.write(to: &$1) }
            json.member("next_cursor", nullable: next)
        case .key(let record):
            json.member("key", record.key)
            json.member("http_status", record.httpStatus)
            json.member("answered_at", record.answeredAt.rfc3339())
            json.key("response")
            json.raw(record.response)
        }
    }
}

extension DialectResponse {
    /// A 200 with JSON that is already written.
    static func opproxy(_ body: [UInt8]) -> DialectResponse {
        DialectResponse(status: .ok, headers: [.contentType: OPProxy.jsonType], body: body)
    }

    static func opproxy(_ answer: OPProxy.Answer) -> DialectResponse { .opproxy(answer.body) }

    /// What was carried out, now or before under the same key.
    static func opproxy(_ answer: IdempotentConnectionChange.Answer) -> DialectResponse {
        var response = DialectResponse.opproxy(answer.body)
        if answer.isReplayed { response.headers[.idempotencyHit] = "true" }
        return response
    }
}
