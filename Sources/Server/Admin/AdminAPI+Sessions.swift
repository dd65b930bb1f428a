internal import HTTPTypes
internal import Postgres
internal import Primitives

extension AdminAPI {
    static let sessionEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "getDocument", method: .get, place: .platform, path: "/openapi.json", permission: .anybody,
            tag: "sessions", summary: "This document", handler: .open(AdminAPI.document)),
        AdminEndpoint(
            name: "signIn", method: .post, place: .platform, path: "/sessions", permission: .anybody,
            tag: "sessions", summary: "Sign in with e-mail address, password and, where it is on, a code",
            body: "SignIn", status: .created, answer: "Session",
            problems: [.invalidCredentials, .codeRequired, .invalidCode],
            handler: .open(AdminAPI.signIn)),
        AdminEndpoint(
            name: "signOut", method: .delete, place: .platform, path: "/sessions", permission: .person,
            tag: "sessions", summary: "End every session of this person", answer: "Done",
            handler: .admitted(AdminAPI.signOut)),
        AdminEndpoint(
            name: "getMe", method: .get, place: .platform, path: "/me", permission: .everybody,
            tag: "sessions", summary: "Who this is, and what they may do", answer: "Me",
            handler: .admitted(AdminAPI.me)),
        AdminEndpoint(
            name: "changePassword", method: .post, place: .platform, path: "/me/password",
            permission: .person,
            tag: "sessions", summary: "Choose another password; every session ends", body: "PasswordChange",
            answer: "Done", handler: .admitted(AdminAPI.changePassword)),
        AdminEndpoint(
            name: "beginSecondFactor", method: .post, place: .platform, path: "/me/second-factor",
            permission: .person, tag: "sessions", summary: "Begin to use an authenticator app",
            body: "Password", status: .created, answer: "SecondFactorOffer", problems: [.secondFactorOn],
            handler: .admitted(AdminAPI.beginSecondFactor)),
        AdminEndpoint(
            name: "confirmSecondFactor", method: .post, place: .platform, path: "/me/second-factor/confirm",
            permission: .person, tag: "sessions",
            summary: "Turn it on with a first code, get recovery codes; every session ends", body: "Code",
            answer: "RecoveryCodes", problems: [.secondFactorOn, .secondFactorOff],
            handler: .admitted(AdminAPI.confirmSecondFactor)),
        AdminEndpoint(
            name: "removeSecondFactor", method: .post, place: .platform, path: "/me/second-factor/remove",
            permission: .person, tag: "sessions", summary: "Turn it off; every session ends",
            body: "PasswordAndCode", answer: "Done", problems: [.secondFactorOff],
            handler: .admitted(AdminAPI.removeSecondFactor)),
    ]

    func signIn(_ request: DialectRequest) async throws -> AdminAnswer {
        let fields = try AdminFields(request, ["email", "password", "tenant", "code"])
        let credentials = StaffSignIn.Credentials(
            tenant: try fields.text("tenant", "a slug") { (1...63).contains($0.utf8.count) },
            email: try fields.required(
                "email", fields.text("email", "an e-mail address") { (3...254).contains($0.utf8.count) }),
            password: try fields.required("password", Self.password("password", fields)),
            code: try fields.text("code", "a code") { (1...64).contains($0.utf8.count) })
        switch try await signIn.attempt(credentials, from: request.remoteAddress) {
        case .signedIn(let token, let actor):
            return .json([
                "token": .string(token.text), "token_type": "Bearer",
                "expires_at": .string(token.expiresAt.rfc3339()), "role": .string(actor.role.rawValue),
            ])
        case .refused: throw AdminProblem(.invalidCredentials)
        case .codeMissing: throw AdminProblem(.codeRequired)
        case .codeWrong: throw AdminProblem(.invalidCode)
        case .tooMany(let seconds): throw AdminProblem.retry(.rateLimited, after: seconds)
        }
    }

    func signOut(_ call: AdminCall) async throws -> AdminAnswer {
        try await changeOneself(call, try AdminFields(call).body) { person, transaction in
            _ = try transaction.query(StaffStore.endSessions(of: person.id, person.scope.number))
            return (
                Self.done, AuditNote("signOut", "person", person.id.description, saying: "sessions_ended")
            )
        }
    }

    func me(_ call: AdminCall) async throws -> AdminAnswer {
        let (actor, number) = (call.actor, call.actor.scope.number)
        let (person, tenant) = try await pool.transaction(tenant: number) { transaction in
            let results = try transaction.pipeline([
                StaffStore.person(actor.id.retyped(), number), AdminTenantStore.tenant(number),
            ])
            return (
                try StaffStore.person(results[0]), try AdminTenantStore.tenants(results[1]).first
            )
        }
        let allowed = Self.endpoints.filter { $0.permission != .anybody && $0.permission.allows(actor) }
        return .json([
            "kind": .string(actor.kind.rawValue), "id": .string(actor.id.description),
            "name": .string(person?.name ?? actor.name), "email": person.map { .string($0.email) } ?? .null,
            "role": .string(actor.role.rawValue), "tenant": tenant.map { .string($0.slug) } ?? .null,
            "second_factor": .bool(person?.needsCode ?? false),
            "operations": .array(allowed.map { .string($0.name) }),
        ])
    }

    static let done: JSON = ["done": true]

    /// A password as it is typed in to be compared.
    static func password(_ name: String, _ fields: AdminFields) throws(AdminProblem) -> String? {
        try fields.text(name, "a password") {
            (1...StaffRules.passwordLength.upperBound).contains($0.utf8.count)
        }
    }

    /// Changes the very person who asks, whose row is locked.
    func changeOneself(
        _ call: AdminCall, _ body: JSON,
        _ change: @escaping @Sendable (StaffPerson, Transaction) throws -> (JSON, AuditNote?)
    ) async throws -> AdminAnswer {
        let (id, number): (StaffID, TenantID) = (call.actor.id.retyped(), call.actor.scope.number)
        return try await changes.run(call, on: number, body) { transaction, _ in
            let row = try StaffStore.person(transaction.query(StaffStore.locked(id, number)))
            guard let person = row, person.isActive else { throw StaffRefusal.personUnknown }
            return try change(person, transaction)
        }
    }
}
