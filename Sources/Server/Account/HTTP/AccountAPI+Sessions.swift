internal import HTTPTypes
internal import Primitives

extension AccountAPI {
    /// `POST /v1/sessions`: e-mail address and password, and a code where one is asked for.
    func createSession(_ request: DialectRequest) async throws -> DialectResponse {
        let fields = try Fields(request)
        let credentials = SignIn.Credentials(
            email: try fields.email(), password: try fields.password(), code: try fields.code())
        let result = try await signIn.attempt(
            credentials, from: request.remoteAddress, tenant: request.mount.tenant, note: request.note)
        switch result {
        case .signedIn(let token): return .json(Self.json(of: token), status: .created)
        case .refused: throw Problem(.invalidCredentials)
        case .codeRequired: throw Problem(.codeRequired)
        case .codeWrong: throw Problem(.codeWrong)
        case .tooMany(let seconds): throw Problem(.rateLimited, retryAfter: seconds)
        }
    }

    /// `DELETE /v1/sessions`: all of them are over, this one too.
    func endSessions(_ call: Call) async throws -> DialectResponse {
        try await people.signOutEverywhere(call.caller)
        return .json(["signed_out": true])
    }

    static func json(of token: SessionToken) -> JSON {
        [
            "token": .string(token.text), "token_type": "Bearer",
            "expires_at": .string(token.expiresAt.rfc3339()),
        ]
    }
}
