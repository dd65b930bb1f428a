internal import Postgres
internal import Primitives

/// SQL of the people who work for the platform and its tenants; `scope` is what their rows are filed under.
enum StaffStore {
    static let emailConstraint = "staff_email_is_unique_per_tenant"

    static func person(_ id: StaffID, _ scope: TenantID) -> Statement {
        Statement("\(columns) WHERE tenant_id = $1 AND id = $2" as String, [scope, id])
    }

    /// The same, and nobody else changes it before this transaction is over.
    static func locked(_ id: StaffID, _ scope: TenantID) -> Statement {
        Statement("\(columns) WHERE tenant_id = $1 AND id = $2 FOR UPDATE" as String, [scope, id])
    }

    static func person(email: String, _ scope: TenantID) -> Statement {
        Statement("\(columns) WHERE tenant_id = $1 AND email = $2" as String, [scope, email])
    }

    /// Newest first, one more than a page holds.
    static func people(_ scope: TenantID, before: StaffID?, limit: Int) -> Statement {
        Statement(
            "\(columns) WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
                as String,
            [scope, before, Int64(limit + 1)])
    }

    /// Locks the owners who can let somebody in, so that two of them cannot go at once.
    static func owners(_ scope: TenantID) -> Statement {
        """
        SELECT id FROM staff WHERE tenant_id = \(scope) AND role = 'owner' AND active ORDER BY id FOR UPDATE
        """
    }

    static func owners(_ result: ResultSet) throws -> [StaffID] { try result.map { try $0.get(0) } }

    static func person(_ result: ResultSet) throws -> StaffPerson? { try people(result).first }

    static func people(_ result: ResultSet) throws -> [StaffPerson] {
        try result.map { row in
            guard let role = StaffRole(rawValue: try row.get(4)) else {
                throw Unreadable("the stored role is unknown")
            }
            let secret: [UInt8]? = try row.get(8)
            let step: Int64? = try row.get(10)
            let (since, recovery): (Instant?, [String]) = (try row.get(9), try row.get(11))
            return StaffPerson(
                scope: StaffScope(try row.get(0)), id: try row.get(1), email: try row.get(2),
                name: try row.get(3), role: role, isActive: try row.get(5), passwordHash: try row.get(6),
                sessionVersion: try row.get(7),
                secondFactor: secret.map {
                    StaffSecondFactor(
                        sealedSecret: $0, since: since, lastStep: step.map(OneTimeStep.init(number:)),
                        recoveryDigests: recovery)
                }, createdAt: try row.get(12))
        }
    }

    static func insert(
        _ id: StaffID, email: String, name: String, role: StaffRole, passwordHash: String, _ scope: TenantID,
        at now: Instant
    ) -> Statement {
        """
        INSERT INTO staff (tenant_id, id, email, name, role, password_hash, created_at)
        VALUES (\(scope), \(id), \(email), \(name), \(role.rawValue), \(passwordHash), \(now))
        """
    }

    /// What may change of a person by another; a new version ends their sessions.
    static func update(_ person: StaffPerson, endingSessions ends: Bool) -> Statement {
        """
        UPDATE staff SET name = \(person.name), role = \(person.role.rawValue), active = \(person.isActive),
                         password_hash = \(person.passwordHash),
                         session_version = session_version + CASE WHEN \(ends) THEN 1 ELSE 0 END
        WHERE tenant_id = \(person.scope.number) AND id = \(person.id)
        """
    }

    static func endSessions(of id: StaffID, _ scope: TenantID) -> Statement {
        """
        UPDATE staff SET session_version = session_version + 1 WHERE tenant_id = \(scope) AND id = \(id)
        """
    }

    static func setStep(_ step: OneTimeStep, of id: StaffID, _ scope: TenantID) -> Statement {
        "UPDATE staff SET totp_step = \(step.number) WHERE tenant_id = \(scope) AND id = \(id)"
    }

    static func setRecovery(_ digests: [String], of id: StaffID, _ scope: TenantID) -> Statement {
        "UPDATE staff SET recovery_digests = \(digests) WHERE tenant_id = \(scope) AND id = \(id)"
    }

    /// Begun, not confirmed.
    static func setSecret(_ sealed: [UInt8], of id: StaffID, _ scope: TenantID) -> Statement {
        """
        UPDATE staff SET totp_secret = \(sealed), totp_since = NULL, totp_step = NULL, recovery_digests = '{}'
        WHERE tenant_id = \(scope) AND id = \(id)
        """
    }

    static func turnOn(
        _ step: OneTimeStep, _ digests: [String], of id: StaffID, _ scope: TenantID, at now: Instant
    ) -> Statement {
        """
        UPDATE staff SET totp_since = \(now), totp_step = \(step.number), recovery_digests = \(digests),
                         session_version = session_version + 1
        WHERE tenant_id = \(scope) AND id = \(id)
        """
    }

    static func turnOff(of id: StaffID, _ scope: TenantID) -> Statement {
        """
        UPDATE staff SET totp_secret = NULL, totp_since = NULL, totp_step = NULL, recovery_digests = '{}',
                         session_version = session_version + 1
        WHERE tenant_id = \(scope) AND id = \(id)
        """
    }

    private static let columns = """
        SELECT tenant_id, id, email, name, role, active, password_hash, session_version, totp_secret, totp_since,
               totp_step, recovery_digests, created_at
        FROM staff
        """
}
