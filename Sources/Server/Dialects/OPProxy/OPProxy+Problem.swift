internal import HTTPTypes
internal import Primitives

extension OPProxy {
    /// What is wrong with a request: one of the vendor's codes, with the status that the vendor gives it and a sentence
    /// for people (vendor, "Error codes").
    ///
    /// The vendor knows no 403, 409, 413, 422 and 503, so what other doors say with those is said with the nearest code.
    struct Problem: Error, Sendable, Hashable {
        var code: Code
        var message: String
        /// Seconds, for what may succeed later.
        var retryAfter: Int?
        /// The methods that the path has, where the method was wrong.
        var allowed: [HTTPRequest.Method] = []

        init(_ code: Code, _ message: String? = nil, retryAfter: Int? = nil) {
            self.code = code
            self.message = message ?? code.meaning
            self.retryAfter = retryAfter
        }
    }

    /// The vendor's table, complete and in its order.
    enum Code: String, Sendable, CaseIterable {
        case invalidToken = "invalid_token"
        case invalidRequest = "invalid_request"
        case invalidID = "invalid_id"
        case invalidPlanID = "invalid_plan_id"
        case invalidType = "invalid_type"
        case invalidCountry = "invalid_country"
        case invalidRotation = "invalid_rotation"
        case invalidIP = "invalid_ip"
        case tooManyIPs = "too_many_ips"
        case insufficientBalance = "insufficient_balance"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case rateLimited = "rate_limited"
        case serverError = "server_error"
        case unsupportedForType = "unsupported_for_type"
        case countryUnavailable = "country_unavailable"

        var status: HTTPResponse.Status {
            switch self {
            case .invalidToken: .unauthorized
            case .invalidRequest, .invalidID, .invalidPlanID, .invalidType, .invalidCountry, .invalidRotation,
                .invalidIP, .tooManyIPs, .unsupportedForType, .countryUnavailable:
                .badRequest
            case .insufficientBalance: HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required")
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .rateLimited: .tooManyRequests
            case .serverError: .internalServerError
            }
        }

        /// The table's own sentence.
        var meaning: String {
            switch self {
            case .invalidToken:
                "Missing, malformed, expired, or revoked API key. Or source IP outside allowlist."
            case .invalidRequest: "Body is not valid JSON, or required fields are missing."
            case .invalidID: "Path id parameter is not a valid 24-char hex id."
            case .invalidPlanID: "plan_id does not exist or does not match the requested type."
            case .invalidType: "type must be ipv4_rotating or ipv6_rotating."
            case .invalidCountry: "country must be a 2-32 char alphanumeric string."
            case .invalidRotation: "rotation must be a 2-32 char alphanumeric string."
            case .invalidIP: "An entry in whitelisted_ips is not a valid IPv4 address."
            case .tooManyIPs: "Whitelist exceeds the 50-entry limit."
            case .insufficientBalance:
                "Account balance is below the plan price. Top up via the dashboard."
            case .notFound: "Service id does not belong to your account, or doesn't exist."
            case .methodNotAllowed: "Wrong HTTP verb for this endpoint."
            case .rateLimited: "Rate limit exceeded. Check Retry-After header."
            case .serverError: "Unexpected error. Retry after a short delay."
            case .unsupportedForType:
                "Operation not available for this service type (e.g. country/rotation on IPv4-Rotating)."
            case .countryUnavailable: "Requested country is not available for this service type."
            }
        }
    }
}

extension OPProxy.Problem {
    static let invalidToken = Self(.invalidToken)
    static let invalidID = Self(.invalidID)
    static let invalidPlanID = Self(.invalidPlanID)
    static let invalidType = Self(.invalidType)
    static let invalidCountry = Self(.invalidCountry)
    static let invalidRotation = Self(.invalidRotation)
    static let invalidIP = Self(.invalidIP)
    static let tooManyIPs = Self(.tooManyIPs)
    static let insufficientBalance = Self(.insufficientBalance)
    static let notFound = Self(.notFound)
    static let unsupportedForType = Self(.unsupportedForType)
    static let countryUnavailable = Self(.countryUnavailable)
    static let serverError = Self(.serverError)
    static let soldOut = Self(.countryUnavailable, "Sold out: a gateway of this plan has no free port.")
    static let rotationNotOffered = Self(
        .invalidRotation, "Requested rotation is not available for this service type.")
    static let invalidCursor = Self(.invalidID, "cursor is not a valid 24-char hex id.")
    static let unknownCursor = Self(.invalidRequest, "cursor must be the next_cursor of a page.")
    static let invalidJSON = Self(.invalidRequest, "Body is not valid JSON.")
    static let bodyNotObject = Self(.invalidRequest, "Body must be a JSON object.")
    static let unsupportedMediaType = Self(.invalidRequest, "Content-Type must be application/json.")
    static let invalidIdempotencyKey = Self(
        .invalidRequest, "Idempotency-Key must be sent once, with 1-255 printable ASCII characters.")
    static let idempotencyKeyReused = Self(
        .invalidRequest, "Idempotency-Key was used for another request.")
    static let idempotencyKeyInFlight = Self(
        .rateLimited, "A request with this Idempotency-Key is in progress.", retryAfter: 1)
    static let serviceOver = Self(.invalidRequest, "The service has expired.")
    static let planNotSold = Self(.invalidPlanID, "The plan of this service is no longer sold.")
    static let pathUnknown = Self(.notFound, "There is no such endpoint.")
    static let keyDidNothing = Self(
        .notFound, "No request with this Idempotency-Key has been carried out with this API key.")
    static let amountTooLarge = Self(.invalidRequest, "The service cannot be extended any further.")
    static let malformedRequest = Self(.invalidRequest, "The request is malformed.")
    static let requestTimeout = Self(.invalidRequest, "The body did not arrive in time.")
    static let bodyTooLarge = Self(.invalidRequest, "The body is too large.")
    static let outcomeUnknown = Self(
        .serverError,
        "The outcome is unknown: repeat the request with its Idempotency-Key, or call GET /services first.",
        retryAfter: 5)

    static func missing(_ field: String) -> Self { Self(.invalidRequest, "\(field) is missing.") }
    static func invalid(_ field: String, _ rule: String) -> Self {
        Self(.invalidRequest, "\(field) must be \(rule).")
    }
    static func rateLimited(retryAfter: Int) -> Self { Self(.rateLimited, retryAfter: retryAfter) }
    static func unavailable(retryAfter: Int) -> Self { Self(.serverError, retryAfter: retryAfter) }
    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Self {
        var problem = Self(.methodNotAllowed)
        problem.allowed = allowed
        return problem
    }
}

extension OPProxy.Problem {
    /// `{"status":"error","error":{"code":…,"message":…}}`.
    var body: [UInt8] {
        var json = JSONWriter(capacity: 160)
        json.beginObject()
        json.member("status", "error")
        json.object("error") {
            $0.member("code", code.rawValue)
            $0.member("message", message)
        }
        json.endObject()
        return json.bytes
    }

    var response: DialectResponse {
        var headers: HTTPFields = [.contentType: OPProxy.jsonType]
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        if !allowed.isEmpty { headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ") }
        if code == .invalidToken { headers[.wwwAuthenticate] = "Bearer" }
        return DialectResponse(status: code.status, headers: headers, body: body)
    }
}
