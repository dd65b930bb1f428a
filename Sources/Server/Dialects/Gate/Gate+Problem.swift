internal import HTTPTypes
internal import Primitives

extension Gate {
    /// What is wrong with a request, as the vendor's error table says it (contracts/gate.md §3).
    ///
    /// The text is the table's own wherever it has one; the code is ours, stable, and tells apart what the text does not.
    struct Problem: Error, Sendable, Hashable {
        var status: HTTPResponse.Status
        var text: String
        var code: String
        /// Seconds, for what may succeed later.
        var retryAfter: Int?
        /// The methods that the path has, where the method was wrong.
        var allowed: [HTTPRequest.Method] = []

        init(_ status: HTTPResponse.Status, _ text: String, _ code: String, retryAfter: Int? = nil) {
            self.status = status
            self.text = text
            self.code = code
            self.retryAfter = retryAfter
        }
    }

    /// The fields whose absence or shape has a sentence of its own.
    enum Field: String, Sendable, CaseIterable {
        case planID = "planId"
        case subscriptionID = "subscriptionId"
        case targetNetwork
        case rotationPolicy

        var code: String {
            switch self {
            case .planID: "invalid_plan_id"
            case .subscriptionID: "invalid_subscription_id"
            case .targetNetwork: "invalid_target_network"
            case .rotationPolicy: "invalid_rotation_policy"
            }
        }
    }
}

extension Gate.Problem {
    static let invalidJSON = Self(.badRequest, "Invalid JSON body", "invalid_json")
    static let bodyNotObject = Self(.badRequest, "Body must be an object", "body_not_object")
    static let unknownOp = Self(.badRequest, "Missing or unknown op", "unknown_op")
    static func invalid(_ field: Gate.Field) -> Self {
        Self(.badRequest, "Missing or invalid \(field.rawValue)", field.code)
    }
    static let invalidRepeatCount = Self(.badRequest, countsText, "invalid_repeat_count")
    static let invalidQuantity = Self(.badRequest, countsText, "invalid_quantity")
    static let amountTooLarge = Self(.badRequest, countsText, "amount_too_large")
    static let invalidCouponCode = Self(.badRequest, "Invalid couponCode", "invalid_coupon_code")
    static let invalidIdempotencyKey = Self(.badRequest, "Invalid Idempotency-Key", "invalid_idempotency_key")
    static let unauthorized = Self(.unauthorized, "Unauthorized", "unauthorized")
    static let insufficientBalance = Self(
        HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required"), "Insufficient balance",
        "insufficient_balance")
    static let forbidden = Self(.forbidden, "Forbidden", "forbidden")
    static let subscriptionNotFound = Self(.notFound, "Subscription not found", "subscription_not_found")
    static let notFound = Self(.notFound, "Not found", "not_found")
    static let rotateLinkUnknown = Self(.notFound, "Rotate link not found", "rotate_link_not_found")
    static let rotationUnavailable = Self(
        .conflict, "Rotation policy not available for this subscription", "rotation_unavailable")
    static let soldOut = Self(.conflict, stateText, "sold_out")
    static let planInactive = Self(.conflict, stateText, "plan_inactive")
    static let networkInactive = Self(.conflict, stateText, "network_inactive")
    static let invalidState = Self(.conflict, stateText, "invalid_state")
    static let planNotEligible = Self(.conflict, stateText, "plan_not_eligible")
    static let trialNotOffered = Self(.conflict, stateText, "trial_not_offered")
    static let trialUsed = Self(.conflict, stateText, "trial_used")
    static let priceChanged = Self(.conflict, stateText, "price_changed")
    static let idempotencyKeyReused = Self(
        .conflict, "Idempotency-Key was used for another request", "idempotency_key_reused")
    static let idempotencyKeyInFlight = Self(
        .conflict, "A request with this Idempotency-Key is in progress", "idempotency_key_in_flight",
        retryAfter: 1)
    static let malformedRequest = Self(.badRequest, "Malformed request", "malformed_request")
    static let requestTimeout = Self(.requestTimeout, "Request timeout", "request_timeout")
    static let bodyTooLarge = Self(.contentTooLarge, "Body too large", "body_too_large")
    static let unsupportedMediaType = Self(
        .unsupportedMediaType, "Content-Type must be application/json", "unsupported_media_type")
    static func rateLimited(retryAfter: Int) -> Self {
        Self(.tooManyRequests, "Rate limited", "rate_limited", retryAfter: retryAfter)
    }
    static let fault = Self(.internalServerError, "Internal error", "internal")
    static func unavailable(retryAfter: Int) -> Self {
        Self(.serviceUnavailable, "Service unavailable", "unavailable", retryAfter: retryAfter)
    }
    static let outcomeUnknown = Self(
        .serviceUnavailable,
        "Outcome unknown: repeat the request with its Idempotency-Key, or list subscriptions first",
        "outcome_unknown", retryAfter: 5)
    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Self {
        var problem = Self(.methodNotAllowed, "Method not allowed", "method_not_allowed")
        problem.allowed = allowed
        return problem
    }

    private static let countsText = "Invalid repeatCount or quantity"
    private static let stateText = "Sold out, inactive plan/network, or invalid subscription state"
}
