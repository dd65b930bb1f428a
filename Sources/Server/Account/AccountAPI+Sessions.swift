internal import HTTPTypes
internal import Primitives

/// A problem with the headers that belong to it, thrown from within a handler.
struct NeutralProblemError: Error {
    let problem: NeutralProblem
    var headers: HTTPFields = [:]

    var response: DialectResponse {
        var response = problem.response
        for field in headers { response.headers.append(field) }
        return response
    }
}

extension AccountAPI {
    /// `POST /v1/sessions` `{"email", "password"}` → 201 `{"token", "token_type", "expires_at"}`.
    func createSession(_ request: DialectRequest) async throws -> DialectResponse {
        let credentials = try Self.credentials(of: request)
        switch try await signIn.attempt(
            credentials, from: request.remoteAddress, tenant: request.mount.tenant,
            note: request.note)
        {
        case .signedIn(let token): return Self.created(token)
        case .refused:
            throw NeutralProblemError(
                problem: NeutralProblem(
                    .unauthorized, "invalid_credentials", "The e-mail address or password is wrong."))
        case .tooMany(let seconds):
            throw NeutralProblemError(
                problem: NeutralProblem(
                    .tooManyRequests, "rate_limited", "There were too many attempts. Try again later."),
                headers: [.retryAfter: String(seconds)])
        }
    }

    private static func credentials(of request: DialectRequest) throws -> SignIn.Credentials {
        guard isJSON(request.headers[.contentType]) else {
            throw NeutralProblemError(
                problem: NeutralProblem(
                    .unsupportedMediaType, "unsupported_media_type", "The body must be application/json."))
        }
        let json: JSON
        do {
            json = try JSON.parse(request.body)
        } catch {
            throw invalid("invalid_json", "The body is not JSON.")
        }
        guard json.objectValue != nil else {
            throw invalid("invalid_body", "The body must be a JSON object.")
        }
        guard let email = json["email"]?.stringValue, (3...254).contains(email.utf8.count),
            email.contains("@")
        else {
            throw invalid("invalid_email", "The field email is missing or invalid.")
        }
        guard let password = json["password"]?.stringValue, (1...1_024).contains(password.utf8.count) else {
            throw invalid("invalid_password", "The field password is missing or invalid.")
        }
        return SignIn.Credentials(email: email, password: password)
    }

    /// `application/json`, whatever parameters follow.
    private static func isJSON(_ contentType: String?) -> Bool {
        guard let type = contentType?.split(separator: ";", maxSplits: 1).first else { return false }
        return type.filter { $0 != " " && $0 != "\t" }.lowercased() == "application/json"
    }

    private static func invalid(_ code: String, _ message: String) -> NeutralProblemError {
        NeutralProblemError(problem: NeutralProblem(.badRequest, code, message))
    }

    private static func created(_ token: SessionToken) -> DialectResponse {
        var json = JSONWriter(capacity: 640)
        json.beginObject()
        json.key("token")
        json.string(token.text)
        json.key("token_type")
        json.string("Bearer")
        json.key("expires_at")
        json.string(token.expiresAt.rfc3339())
        json.endObject()
        return DialectResponse(
            status: .created, headers: [.contentType: "application/json"], body: json.bytes)
    }
}
