internal import HTTPTypes
internal import Primitives

extension AccountAPI {
    /// `GET /v1/me`: who is signed in, and how.
    func me(_ call: Call) async throws -> DialectResponse {
        .json(try await standing(call))
    }

    private func standing(_ call: Call) async throws -> JSON {
        guard let standing = try await people.standing(of: call.caller) else { throw Problem(.unauthorized) }
        let catalogue = try await catalogues.catalogue(of: call.tenant)
        let person = standing.person
        var since: Instant?
        if case .on(_, _, let confirmedAt) = person.authenticator { since = confirmedAt }
        return [
            "id": .string(person.id.description), "email": .string(person.email),
            "username": .string(person.username), "role": .string(person.role.rawValue),
            "customer": .string(person.customer.description),
            "tenant": .string(catalogue.tenant.name),
            "dialects": .array(keys.dialects(of: catalogue).map { .string($0.rawValue) }),
            "authenticator": [
                "on": .bool(since != nil), "since": since.map { .string($0.rfc3339()) } ?? .null,
                "recovery_codes_left": .integer(since == nil ? 0 : Int64(standing.recoveryCodes)),
            ],
        ]
    }

    /// `PUT /v1/me/password`: ends every session and opens a new one.
    func changePassword(_ call: Call) async throws -> DialectResponse {
        let fields = try Fields(call.request)
        let (password, new, code) = (try fields.password(), try fields.newPassword(), try fields.code())
        let token = try await people.changePassword(of: call.caller, from: password, to: new, code)
        return .json(["session": Self.json(of: token)])
    }

    /// `POST /v1/me/totp`: a secret for the app, which waits for its first code.
    func beginAuthenticator(_ call: Call) async throws -> DialectResponse {
        let password = try Fields(call.request).password()
        let catalogue = try await catalogues.catalogue(of: call.tenant)
        let (secret, email) = try await people.beginAuthenticator(of: call.caller, password)
        return .json(
            [
                "secret": .string(secret.spelling()),
                "uri": .string(secret.uri(issuer: catalogue.tenant.name, person: email)),
            ], status: .created)
    }

    /// `POST /v1/me/totp/confirm`: from now on sign-in asks for codes.
    func confirmAuthenticator(_ call: Call) async throws -> DialectResponse {
        let code = try Fields(call.request).oneTimeCode()
        let (recovery, token) = try await people.confirmAuthenticator(of: call.caller, code)
        return .json(["recovery_codes": Self.json(of: recovery), "session": Self.json(of: token)])
    }

    /// `DELETE /v1/me/totp`.
    func removeAuthenticator(_ call: Call) async throws -> DialectResponse {
        let fields = try Fields(call.request)
        try await people.removeAuthenticator(of: call.caller, try fields.password(), try fields.code())
        return .json(try await standing(call))
    }

    /// `POST /v1/me/totp/recovery-codes`: new ones in place of the old.
    func renewRecoveryCodes(_ call: Call) async throws -> DialectResponse {
        let fields = try Fields(call.request)
        let codes = try await people.renewRecoveryCodes(
            of: call.caller, try fields.password(), try fields.code())
        return .json(["recovery_codes": Self.json(of: codes)], status: .created)
    }

    private static func json(of codes: [RecoveryCode]) -> JSON {
        .array(codes.map { .string($0.reveal()) })
    }
}
