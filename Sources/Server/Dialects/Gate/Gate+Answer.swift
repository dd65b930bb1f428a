internal import HTTPTypes
internal import Primitives

extension Gate {
    /// What an operation answers when it went well: always 200, always `"ok": true` first.
    enum Answer: Sendable {
        case done
        case plans([Wire.Plan])
        case subscriptions([Wire.Subscription])
        case renewalPlans([Wire.RenewalPlan])
        case networks([Wire.Network])
        /// One subscription is told as `subscription`, several as `subscriptions`; never none.
        case bought([Wire.Subscription])
        case renewed(subscriptionId: String, endAt: Int64)
        case credentials(password: String, vpn: String)
        case switched(Wire.Subscription)
    }
}

extension Gate.Answer {
    var body: [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.member("ok", true)
        write(to: &json)
        json.endObject()
        return json.bytes
    }

    private func write(to json: inout JSONWriter) {
        switch self {
        case .done: break
        case .plans(let plans): json.array("plans", plans) { $0.write(to: &$1) }
        case .subscriptions(let subscriptions):
            json.array("subscriptions", subscriptions) { $0.write(to: &$1) }
        case .renewalPlans(let plans): json.array("renewalPlans", plans) { $0.write(to: &$1) }
        case .networks(let networks): json.array("networks", networks) { $0.write(to: &$1) }
        case .bought(let subscriptions):
            precondition(!subscriptions.isEmpty, "a purchase made no subscription")
            json.member("subscriptionId", subscriptions[0].subscriptionId)
            json.array("subscriptionIds", subscriptions) { $1.string($0.subscriptionId) }
            if subscriptions.count == 1 {
                json.key("subscription")
                subscriptions[0].write(to: &json)
            } else {
                json.array("subscriptions", subscriptions) { $0.write(to: &$1) }
            }
        case .renewed(let subscriptionId, let endAt):
            json.member("subscriptionId", subscriptionId)
            json.member("endAt", endAt)
        case .credentials(let password, let vpn):
            json.member("password", password)
            json.member("vpn", vpn)
        case .switched(let subscription):
            json.key("subscription")
            subscription.write(to: &json)
        }
    }
}

extension Gate.Problem {
    var body: [UInt8] {
        var json = JSONWriter(capacity: 96)
        json.beginObject()
        json.member("ok", false)
        json.member("error", text)
        json.member("code", code)
        json.endObject()
        return json.bytes
    }

    var response: DialectResponse {
        var headers: HTTPFields = [.contentType: jsonType]
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        if !allowed.isEmpty { headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ") }
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        return DialectResponse(status: status, headers: headers, body: body)
    }
}

extension DialectResponse {
    /// A 200 with JSON that is already written.
    static func gate(_ body: [UInt8]) -> DialectResponse {
        DialectResponse(status: .ok, headers: [.contentType: jsonType], body: body)
    }
}

private let jsonType = "application/json; charset=utf-8"
