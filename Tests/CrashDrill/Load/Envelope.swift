internal import Primitives

/// What an answer means to a client that has to decide whether to ask again.
enum Envelope {
    enum Verdict {
        case done
        case refused(String)
        /// The server says that nothing was done.
        case nothingDone(String)
        /// It may have been done: ask again.
        case undecided(String)
        /// Not an answer of the dialect, or one that nobody should have had.
        case broken(String)

        var name: String {
            switch self {
            case .done: "200"
            case .refused(let code): code
            case .nothingDone(let code), .undecided(let code): "5xx \(code)"
            case .broken: "broken"
            }
        }
    }

    /// What the rules may say to a well-formed command of this drill.
    private static let refusals: Set<String> = [
        "sold_out", "insufficient_balance", "trial_used", "invalid_coupon_code", "invalid_state",
        "plan_not_eligible", "subscription_not_found", "rotation_unavailable",
    ]

    static func read(_ status: Int, _ body: [UInt8]) -> Verdict {
        guard let json = try? JSON.parse(body), let isOK = json["ok"]?.boolValue else {
            return .broken(
                "\(status) without the dialect's envelope: \(String(decoding: body.prefix(200), as: UTF8.self))"
            )
        }
        if status == 200 && isOK { return .done }
        guard !isOK, let code = json["code"]?.stringValue, json["error"]?.stringValue != nil else {
            return .broken("\(status) with a body that does not fit")
        }
        switch (status, code) {
        case (400..<500, _) where refusals.contains(code): return .refused(code)
        case (409, "idempotency_key_in_flight"): return .undecided(code)
        case (503, "unavailable"): return .nothingDone(code)
        case (503, "outcome_unknown"): return .undecided(code)
        default: return .broken("\(status) \(code)")
        }
    }
}
