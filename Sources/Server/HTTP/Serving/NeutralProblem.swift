public import HTTPTypes
internal import Primitives

/// The platform's own words for what goes wrong: `{"error":{"code":…,"message":…}}`, where no dialect is
/// addressed.
public struct NeutralProblem: Sendable, Hashable {
    public let status: HTTPResponse.Status
    /// For machines; snake_case, never changed once used.
    public let code: String
    /// For people; one sentence that repeats nothing of the request.
    public let message: String

    public init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    public var response: DialectResponse {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.key("error")
        json.beginObject()
        json.key("code")
        json.string(code)
        json.key("message")
        json.string(message)
        json.endObject()
        json.endObject()
        return DialectResponse(status: status, headers: [.contentType: "application/json"], body: json.bytes)
    }

    static let notFound = NeutralProblem(.notFound, "not_found", "There is nothing at this address.")
    static let badRequest = NeutralProblem(.badRequest, "bad_request", "The request is not well-formed HTTP.")
    static let requestTimeout = NeutralProblem(
        .requestTimeout, "request_timeout", "The request did not come in time.")

    /// The platform's answer to what goes wrong at a door.
    static func response(to problem: DoorProblem) -> DialectResponse {
        switch problem {
        case .pathUnknown: return notFound.response
        case .methodNotAllowed(let allowed):
            var response = NeutralProblem(
                .methodNotAllowed, "method_not_allowed", "This address does not take this method."
            ).response
            response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
            return response
        case .bodyTooLarge:
            return NeutralProblem(.contentTooLarge, "body_too_large", "The request's body is too large.")
                .response
        case .bodyTooSlow: return requestTimeout.response
        case .bodyMalformed: return badRequest.response
        case .fault:
            return NeutralProblem(.internalServerError, "internal", "Something failed on our side.").response
        case .unavailable(let seconds):
            var response = NeutralProblem(.serviceUnavailable, "unavailable", "Try again later.").response
            response.headers[.retryAfter] = String(seconds)
            return response
        }
    }

    /// The platform's answer to what is no request.
    static func response(to problem: ConnectionProblem) -> DialectResponse {
        switch problem {
        case .malformed: badRequest.response
        case .tooSlow: requestTimeout.response
        case .overloaded: response(to: .unavailable(retryAfterSeconds: 1))
        }
    }
}
