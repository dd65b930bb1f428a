internal import HTTPTypes
internal import Primitives

extension AccountAPI {
    /// What is wrong with a request, in the platform's envelope.
    struct Problem: Error, Sendable, Hashable {
        var code: Code
        /// Seconds, for what may succeed later.
        var retryAfter: Int?

        init(_ code: Code, retryAfter: Int? = nil) {
            self.code = code
            self.retryAfter = retryAfter
        }

        var response: DialectResponse {
            var response = NeutralProblem(code.status, code.rawValue, code.meaning).response
            if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
            return response
        }
    }

    /// Every problem that this API has a word for; the words never change.
    enum Code: String, Sendable, CaseIterable {
        case badRequest = "bad_request"
        case invalidJSON = "invalid_json"
        case invalidBody = "invalid_body"
        case invalidIdempotencyKey = "invalid_idempotency_key"
        case invalidEmail = "invalid_email"
        case invalidPassword = "invalid_password"
        case invalidNewPassword = "invalid_new_password"
        case invalidCode = "invalid_code"
        case invalidDialect = "invalid_dialect"
        case invalidEnvironment = "invalid_environment"
        case invalidLabel = "invalid_label"
        case invalidScopes = "invalid_scopes"
        case invalidAllow = "invalid_allow"
        case invalidExpiresAt = "invalid_expires_at"
        case invalidAmount = "invalid_amount"
        case invalidThreshold = "invalid_threshold"
        case invalidPerDay = "invalid_per_day"
        case invalidSaveCard = "invalid_save_card"
        case invalidNote = "invalid_note"
        case invalidAutoRenew = "invalid_auto_renew"
        case nothingToChange = "nothing_to_change"
        case invalidPlan = "invalid_plan"
        case invalidQuantity = "invalid_quantity"
        case invalidRepeatCount = "invalid_repeat_count"
        case invalidCoupon = "invalid_coupon"
        case invalidReason = "invalid_reason"
        case invalidKind = "invalid_kind"
        case invalidState = "invalid_state"
        case invalidFrom = "invalid_from"
        case invalidTo = "invalid_to"
        case invalidLimit = "invalid_limit"
        case invalidCursor = "invalid_cursor"
        case unauthorized
        case invalidCredentials = "invalid_credentials"
        case passwordWrong = "password_wrong"
        case codeRequired = "one_time_code_required"
        case codeWrong = "one_time_code_wrong"
        case forbidden
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case requestTimeout = "request_timeout"
        case authenticatorIsOn = "authenticator_is_on"
        case authenticatorIsOff = "authenticator_is_off"
        case nothingToConfirm = "nothing_to_confirm"
        case passwordIsTheSame = "password_is_the_same"
        case subscriptionEnded = "subscription_ended"
        case subscriptionParked = "subscription_parked"
        case topUpDeclined = "top_up_declined"
        case topUpsNotOffered = "top_ups_not_offered"
        case cardMissing = "card_missing"
        case tooManyKeys = "too_many_keys"
        case sandboxMissing = "sandbox_missing"
        case idempotencyKeyReused = "idempotency_key_reused"
        case idempotencyKeyInFlight = "idempotency_key_in_flight"
        case bodyTooLarge = "body_too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case rateLimited = "rate_limited"
        case `internal`
        case unavailable
    }
}

extension AccountAPI.Code {
    var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .invalidJSON, .invalidBody, .invalidIdempotencyKey, .invalidEmail, .invalidPassword,
            .invalidNewPassword, .invalidCode, .invalidDialect, .invalidEnvironment, .invalidLabel,
            .invalidScopes, .invalidAllow, .invalidExpiresAt, .invalidAmount, .invalidThreshold,
            .invalidPerDay, .invalidSaveCard, .invalidNote, .invalidAutoRenew,
            .nothingToChange, .invalidPlan, .invalidQuantity, .invalidRepeatCount, .invalidCoupon,
            .invalidReason, .invalidKind, .invalidState, .invalidFrom, .invalidTo, .invalidLimit,
            .invalidCursor:
            .badRequest
        case .unauthorized, .invalidCredentials, .passwordWrong, .codeRequired, .codeWrong: .unauthorized
        case .topUpDeclined: HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required")
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .authenticatorIsOn, .authenticatorIsOff, .nothingToConfirm, .passwordIsTheSame,
            .subscriptionEnded, .subscriptionParked, .topUpsNotOffered, .cardMissing, .tooManyKeys,
            .sandboxMissing, .idempotencyKeyReused, .idempotencyKeyInFlight:
            .conflict
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .rateLimited: .tooManyRequests
        case .internal: .internalServerError
        case .unavailable: .serviceUnavailable
        }
    }

    /// A sentence for people that repeats nothing of the request.
    var meaning: String {
        switch self {
        case .badRequest: "The request is not well-formed HTTP."
        case .invalidJSON: "The body is not JSON."
        case .invalidBody: "The body must be a JSON object."
        case .invalidIdempotencyKey: "An Idempotency-Key has 1 to 255 printable ASCII characters."
        case .invalidEmail: "The field email is missing or invalid."
        case .invalidPassword: "The field password is missing or invalid."
        case .invalidNewPassword: "A new password has 10 to 1024 bytes."
        case .invalidCode: "The field code is missing or invalid."
        case .invalidDialect: "The field dialect is missing, or names none that is served here."
        case .invalidEnvironment: "The field environment is live or test."
        case .invalidLabel: "A label has 1 to 80 characters, none of them a control character."
        case .invalidScopes:
            "The field scopes is a list of at most 20 words of 1 to 64 letters, digits and any of _ - : ."
        case .invalidAllow: "The field allow is a list of 1 to 100 addresses or networks."
        case .invalidExpiresAt:
            "The field expires_at is an instant that is still to come, as RFC 3339 writes it."
        case .invalidAmount:
            "The field amount is missing, is no decimal of the account's currency above zero, or cannot be collected."
        case .invalidThreshold: "The field threshold is missing, or is no decimal of the account's currency."
        case .invalidPerDay: "The field per_day is a whole number from 1 to 24."
        case .invalidSaveCard: "The field save_card is true or false."
        case .topUpDeclined: "The payment provider said no."
        case .topUpsNotOffered: "No top-ups are taken here."
        case .cardMissing: "No card is kept: top up once with save_card."
        case .invalidNote: "A note has up to 500 characters, and no control characters but line ends."
        case .invalidAutoRenew: "The field auto_renew is true or false."
        case .nothingToChange: "Neither note nor auto_renew is there."
        case .invalidPlan: "The plan is missing, or is none that is sold here."
        case .invalidQuantity: "A quantity is a whole number from 1 to 100."
        case .invalidRepeatCount: "A repeat_count is a whole number from 1 to 120."
        case .invalidCoupon: "This can be no coupon's code."
        case .invalidReason: "The parameter reason is none that a statement has."
        case .invalidKind: "The parameter kind is none that an order has."
        case .invalidState: "The parameter state is none that there is."
        case .invalidFrom: "The parameter from is no instant as RFC 3339 writes it."
        case .invalidTo: "The parameter to is no instant as RFC 3339 writes it."
        case .invalidLimit: "The parameter limit is a whole number from 1 to 200."
        case .invalidCursor: "The parameter cursor is none that a page has given."
        case .unauthorized: "There is no session, or it is over."
        case .invalidCredentials: "The e-mail address or password is wrong."
        case .passwordWrong: "The password is wrong."
        case .codeRequired: "A one-time code is needed too."
        case .codeWrong: "The one-time code is wrong, or was used before."
        case .forbidden: "Your role does not allow this."
        case .notFound: "There is nothing at this address."
        case .methodNotAllowed: "This address does not take this method."
        case .requestTimeout: "The request did not come in time."
        case .authenticatorIsOn: "One-time codes are asked for already."
        case .authenticatorIsOff: "One-time codes are not asked for."
        case .nothingToConfirm: "There is no authenticator that waits for its first code."
        case .passwordIsTheSame: "The new password is the old one."
        case .subscriptionEnded: "The subscription is over."
        case .subscriptionParked:
            "It failed to renew itself too often: turn auto_renew off first, and on again."
        case .tooManyKeys: "There are 100 good keys already: revoke one first."
        case .sandboxMissing: "There is no sandbox, and so no test keys."
        case .idempotencyKeyReused: "The Idempotency-Key was used for another request."
        case .idempotencyKeyInFlight:
            "The first request under this Idempotency-Key is still being carried out."
        case .bodyTooLarge: "The request's body is too large."
        case .unsupportedMediaType: "The body must be application/json."
        case .rateLimited: "There were too many attempts. Try again later."
        case .internal: "Something failed on our side."
        case .unavailable: "Try again later."
        }
    }
}
