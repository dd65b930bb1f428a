internal import HTTPTypes
internal import Primitives

/// Why a request of the admin API was not carried out: a code for machines, a sentence for people, and the field that is
/// wrong, where one is.
struct AdminProblem: Error, Sendable, Hashable {
    let code: Code
    let message: String
    var field: String?
    var headers: HTTPFields = [:]

    init(_ code: Code, _ message: String? = nil, field: String? = nil) {
        self.code = code
        self.message = message ?? code.meaning
        self.field = field
    }

    /// Never changed once used; new ones may come.
    enum Code: String, Sendable, Hashable, CaseIterable {
        case badRequest = "bad_request"
        case invalidJSON = "invalid_json"
        case invalidYAML = "invalid_yaml"
        case invalidQuery = "invalid_query"
        case invalidIdempotencyKey = "invalid_idempotency_key"
        case unauthorized
        case invalidCredentials = "invalid_credentials"
        case codeRequired = "code_required"
        case invalidCode = "invalid_code"
        case forbidden
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case requestTimeout = "request_timeout"
        case conflict
        case emailTaken = "email_taken"
        case lastOwner = "last_owner"
        case secondFactorOn = "second_factor_on"
        case secondFactorOff = "second_factor_off"
        case usernameTaken = "username_taken"
        case customerClosed = "customer_closed"
        case subscriptionEnded = "subscription_ended"
        case subscriptionParked = "subscription_parked"
        case subscriptionNotParked = "subscription_not_parked"
        case planNotEligible = "plan_not_eligible"
        case previewOutOfDate = "preview_out_of_date"
        case amountChanged = "amount_changed"
        case amountTooLarge = "amount_too_large"
        case referenceUsed = "reference_used"
        case refundExceedsPayment = "refund_exceeds_payment"
        case serviceNotReturnable = "service_not_returnable"
        case soldOut = "sold_out"
        case insufficientBalance = "insufficient_balance"
        case floatExhausted = "float_exhausted"
        case balanceBelowLimit = "balance_below_limit"
        case nameTaken = "name_taken"
        case sandboxFollows = "sandbox_follows"
        case paymentsNotOffered = "payments_not_offered"
        case paymentDeclined = "payment_declined"
        case paymentNotPaid = "payment_not_paid"
        case idempotencyKeyReused = "idempotency_key_reused"
        case idempotencyKeyInFlight = "idempotency_key_in_flight"
        case preconditionFailed = "precondition_failed"
        case bodyTooLarge = "body_too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case invalidField = "invalid_field"
        case preconditionRequired = "precondition_required"
        case rateLimited = "rate_limited"
        case `internal`
        case unavailable
    }

    /// In the envelope of every answer that is a problem.
    func response(requestID: String) -> DialectResponse {
        var error = JSONObject()
        error["code"] = .string(code.rawValue)
        error["message"] = .string(message)
        if let field { error["field"] = .string(field) }
        error["request_id"] = .string(requestID)
        var response = DialectResponse(
            status: code.status, headers: [.contentType: "application/json"],
            body: (["error": .object(error)] as JSON).encoded())
        for field in headers { response.headers[field.name] = field.value }
        return response
    }

    static func retry(_ code: Code, after seconds: Int) -> AdminProblem {
        var problem = AdminProblem(code)
        problem.headers[.retryAfter] = String(seconds)
        return problem
    }

    static func invalid(_ field: String, _ expected: String) -> AdminProblem {
        AdminProblem(.invalidField, "The field \(field) must be \(expected).", field: field)
    }

    static func invalidQuery(_ name: String, _ expected: String) -> AdminProblem {
        AdminProblem(.invalidQuery, "The parameter \(name) must be \(expected).", field: name)
    }
}

extension AdminProblem.Code {
    var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .invalidJSON, .invalidYAML, .invalidQuery, .invalidIdempotencyKey: .badRequest
        case .unauthorized, .invalidCredentials, .codeRequired, .invalidCode: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .conflict, .emailTaken, .lastOwner, .secondFactorOn, .secondFactorOff, .idempotencyKeyInFlight,
            .idempotencyKeyReused, .usernameTaken, .customerClosed, .subscriptionEnded, .subscriptionParked,
            .subscriptionNotParked, .planNotEligible, .previewOutOfDate, .amountChanged, .amountTooLarge,
            .referenceUsed, .refundExceedsPayment, .serviceNotReturnable, .soldOut, .insufficientBalance,
            .floatExhausted, .balanceBelowLimit, .nameTaken, .sandboxFollows,
            .paymentsNotOffered, .paymentDeclined, .paymentNotPaid:
            .conflict
        case .preconditionFailed: .preconditionFailed
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .invalidField: .unprocessableContent
        case .preconditionRequired: .preconditionRequired
        case .rateLimited: .tooManyRequests
        case .internal: .internalServerError
        case .unavailable: .serviceUnavailable
        }
    }

    /// One sentence for people, where nothing more can be said.
    var meaning: String {
        switch self {
        case .badRequest: "The request is not well-formed HTTP."
        case .invalidJSON: "The body is not a JSON object."
        case .invalidYAML: "The body is not YAML that is read here."
        case .invalidQuery: "A parameter of the query is wrong."
        case .invalidIdempotencyKey: "An Idempotency-Key has 1 to 255 printable ASCII characters, once."
        case .unauthorized: "The request shows no session and no key that is good here and now."
        case .invalidCredentials: "The e-mail address or the password is wrong."
        case .codeRequired: "Signing in takes a code of the authenticator as well."
        case .invalidCode: "The code is not the one of this moment, or was used."
        case .forbidden: "The role of this person or key does not allow that."
        case .notFound: "There is no such thing."
        case .methodNotAllowed: "This address does not take this method."
        case .requestTimeout: "The request did not come in time."
        case .conflict: "As things stand, that cannot be done."
        case .emailTaken: "Somebody has this e-mail address."
        case .lastOwner: "Without this owner nobody could let anybody in any more."
        case .secondFactorOn: "There is a second factor already."
        case .secondFactorOff: "There is no second factor that could be used or confirmed."
        case .nameTaken: "Something has this name already."
        case .sandboxFollows: "A sandbox follows its tenant: change it there."
        case .idempotencyKeyInFlight:
            "The first request under this Idempotency-Key is still being carried out."
        case .preconditionFailed: "It was changed in between: read it again."
        case .bodyTooLarge: "The body is too large."
        case .unsupportedMediaType: "The body must be of a type that is read here: application/json."
        case .invalidField: "A field is missing, unknown or wrong."
        case .usernameTaken: "Another customer has the username."
        case .customerClosed: "The customer is closed."
        case .subscriptionEnded: "The subscription has ended, or its paid time is over."
        case .subscriptionParked: "The subscription's renewals were given up; unpark it first."
        case .subscriptionNotParked: "The subscription's renewals were not given up."
        case .planNotEligible: "The plan is not for sale, or not for this subscription."
        case .previewOutOfDate: "The preview's moment is more than 15 minutes ago, or still to come."
        case .amountChanged: "It would come to another amount than was expected."
        case .amountTooLarge: "The amount is too large to be booked."
        case .referenceUsed: "The reference was posted before."
        case .refundExceedsPayment: "Less than that is left of the order."
        case .serviceNotReturnable:
            "Later orders paid for time after this one's: give those back first, or keep the service."
        case .soldOut: "Nothing is left of what the plan takes."
        case .insufficientBalance: "The balance and the credit limit do not cover it."
        case .floatExhausted: "The tenant's float does not cover the wholesale price."
        case .balanceBelowLimit: "The balance is below what the credit limit would allow."
        case .paymentsNotOffered: "The tenant has no payment provider, or has switched it off."
        case .paymentDeclined: "The payment provider said no."
        case .paymentNotPaid: "Nothing has come of the payment that could go back."
        case .idempotencyKeyReused: "The Idempotency-Key was used for another request."
        case .preconditionRequired: "A change must name in If-Match the ETag of what it changes."
        case .rateLimited: "There were too many requests. Try again later."
        case .internal: "Something failed on our side."
        case .unavailable: "Try again later."
        }
    }
}

extension AdminProblem {
    // The codes are named in full: a case of the same name would lead back into the initializer that it stands in.
    init(_ problem: DoorProblem) {
        switch problem {
        case .pathUnknown: self.init(Code.notFound, "There is nothing at this address.")
        case .methodNotAllowed(let allowed):
            self.init(Code.methodNotAllowed)
            headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
        case .bodyTooLarge: self.init(Code.bodyTooLarge)
        case .bodyTooSlow: self.init(Code.requestTimeout)
        case .bodyMalformed: self.init(Code.badRequest)
        case .fault: self.init(Code.internal)
        case .unavailable(let seconds): self = .retry(.unavailable, after: seconds)
        }
    }

    init(_ refusal: StaffRefusal) {
        switch refusal {
        case .emailTaken: self.init(Code.emailTaken, field: "email")
        case .personUnknown, .keyUnknown: self.init(Code.notFound)
        case .lastOwner: self.init(Code.lastOwner)
        case .passwordWrong: self.init(Code.invalidField, "The password is wrong.", field: "password")
        case .codeWrong: self.init(Code.invalidField, Code.invalidCode.meaning, field: "code")
        case .secondFactorOn: self.init(Code.secondFactorOn)
        case .secondFactorOff: self.init(Code.secondFactorOff)
        }
    }

    init(_ refusal: IdempotencyRefusal) {
        switch refusal {
        case .keyReused: self.init(Code.idempotencyKeyReused)
        case .keyInFlight: self = .retry(.idempotencyKeyInFlight, after: 1)
        }
    }
}
