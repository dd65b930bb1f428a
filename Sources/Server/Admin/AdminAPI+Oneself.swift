internal import Postgres
internal import Primitives

// What a person changes about themself: always with their password, so that a session left open is not enough.

extension AdminAPI {
    func changePassword(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "current_password", "password")
        let current = try fields.required("current_password", Self.password("current_password", fields))
        let password = try fields.required("password", Self.newPassword(fields))
        let known = try await proved(call, current, field: "current_password")
        let hash = try await hasher.hash(password)
        return try await changeOneself(call, fields.body) { person, transaction in
            guard person.passwordHash == known else { throw AdminProblem(.conflict) }
            _ = try transaction.query(
                StaffStore.update(person.changed(passwordHash: hash), endingSessions: true))
            return (
                Self.done,
                AuditNote("changePassword", "person", person.id.description, saying: "password_changed")
            )
        }
    }

    func beginSecondFactor(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "password")
        let password = try fields.required("password", Self.password("password", fields))
        _ = try await proved(call, password, field: "password")
        return try await changeOneself(call, fields.body) { [factors] person, transaction in
            let offer = try factors.begin(for: person, issuer: "Tollgate", transaction)
            return (
                ["secret": .string(offer.secret.spelling()), "uri": .string(offer.uri)],
                AuditNote(
                    "beginSecondFactor", "person", person.id.description, saying: "second_factor_begun")
            )
        }
    }

    func confirmSecondFactor(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "code")
        let code = try fields.required("code", fields.text("code", "six digits"))
        return try await changeOneself(call, fields.body) { [factors] person, transaction in
            let codes = try factors.confirm(code, for: person, transaction)
            return (
                ["recovery_codes": .array(codes.map { .string($0.reveal()) })],
                AuditNote(
                    "confirmSecondFactor", "person", person.id.description, from: ["second_factor": false],
                    to: ["second_factor": true])
            )
        }
    }

    func removeSecondFactor(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "password", "code")
        let password = try fields.required("password", Self.password("password", fields))
        let code = try fields.required("code", fields.text("code", "a code"))
        _ = try await proved(call, password, field: "password")
        return try await changeOneself(call, fields.body) { [factors] person, transaction in
            guard person.needsCode else { throw StaffRefusal.secondFactorOff }
            try factors.use(code, of: person, transaction)
            _ = try transaction.query(StaffStore.turnOff(of: person.id, person.scope.number))
            return (
                Self.done,
                AuditNote(
                    "removeSecondFactor", "person", person.id.description, from: ["second_factor": true],
                    to: ["second_factor": false])
            )
        }
    }

    /// A password as it is to be.
    static func newPassword(_ fields: AdminFields) throws(AdminProblem) -> String? {
        let length = StaffRules.passwordLength
        return try fields.text(
            "password", "\(length.lowerBound) to \(length.upperBound) bytes of UTF-8", StaffRules.isPassword)
    }

    /// The stored hash of whoever asks, once they have shown their password; attempts are counted as at signing in.
    private func proved(_ call: AdminCall, _ password: String, field: String) async throws -> String {
        let subject = RateLimitSubject.principal(call.actor.scope.number, call.actor.id)
        let bucket = RateLimitBucket("staff password", .sliding(limit: 10, window: 60_000))
        if let verdict = limiter.take(subject, [bucket], at: call.request.receivedAt), !verdict.isAllowed {
            throw AdminProblem.retry(.rateLimited, after: verdict.retryAfterSeconds)
        }
        let number = call.actor.scope.number
        let person = try await pool.read(
            tenant: number, StaffStore.person(call.actor.id.retyped(), number), StaffStore.person)
        guard let person, try await hasher.verify(password, person.passwordHash) else {
            throw AdminProblem(.invalidField, "The password is wrong.", field: field)
        }
        return person.passwordHash
    }
}
