internal import Primitives

extension Envelope {
    /// What the rules may say to a well-formed command at the second door.
    private static let serviceRefusals: Set<String> = [
        "insufficient_balance", "country_unavailable", "invalid_rotation", "unsupported_for_type",
        "not_found",
    ]

    /// The vendor's table has one code for all trouble: an answer that asks to be repeated has done nothing, unless it
    /// says that nobody knows; one that does not ask is a fault.
    static func readService(_ status: Int, _ retryAfter: Bool, _ body: [UInt8]) -> Verdict {
        guard let json = try? JSON.parse(body), let word = json["status"]?.stringValue else {
            return .broken(
                "\(status) without the dialect's envelope: \(String(decoding: body.prefix(200), as: UTF8.self))"
            )
        }
        if status == 200, word == "ok", json["data"] != nil { return .done }
        guard word == "error", let code = json["error"]?["code"]?.stringValue,
            let message = json["error"]?["message"]?.stringValue
        else { return .broken("\(status) with a body that does not fit") }
        switch (status, code) {
        case (400..<500, _) where serviceRefusals.contains(code): return .refused(code)
        case (400, "invalid_request") where message.contains("has expired"): return .refused("expired")
        case (429, "rate_limited") where message.contains("in progress"): return .undecided(code)
        case (500, "server_error") where message.contains("outcome is unknown"):
            return .undecided("outcome_unknown")
        case (500, "server_error") where retryAfter: return .nothingDone("server_error")
        default: return .broken("\(status) \(code): \(message)")
        }
    }
}
