internal import Postgres
internal import Primitives

/// SQL of the people who sign in, as they prove who they are and change how.
enum PersonStore {
    /// The person of this address, as it was typed or in lower case.
    static func person(email: String, _ tenant: TenantID) -> Statement {
        Statement(
            "\(selected) WHERE u.tenant_id = $1 AND u.email = ANY ($2::text[]) ORDER BY u.email LIMIT 1"
                as String,
            [tenant, [email, email.lowercased()]])
    }

    static func person(_ id: UserID, _ tenant: TenantID) -> Statement {
        Statement("\(selected) WHERE u.tenant_id = $1 AND u.id = $2" as String, [tenant, id])
    }

    /// Nobody else proves or changes anything of this person until the end of the transaction.
    static func locking(_ id: UserID, _ tenant: TenantID) -> Statement {
        Statement(
            "\(selected) WHERE u.tenant_id = $1 AND u.id = $2 FOR NO KEY UPDATE OF u" as String, [tenant, id])
    }

    static func person(_ result: ResultSet) throws -> Person? {
        guard let row = result.first else { return nil }
        guard let role = SessionRole(rawValue: try row.get(4)) else {
            throw Unreadable("the stored role is unknown")
        }
        return Person(
            id: try row.get(0), customer: try row.get(1), username: try row.get(2), email: try row.get(3),
            role: role, passwordHash: try row.get(5), sessionVersion: try row.get(6),
            isServed: try row.get(7), authenticator: try authenticator(row))
    }

    private static func authenticator(_ row: Row) throws -> Person.Authenticator {
        guard let secret = try row.get(8, as: [UInt8]?.self) else { return .none }
        let (since, last): (Instant?, Int64?) = (try row.get(9), try row.get(10))
        guard let since, let last else { return .awaiting(secret: secret) }
        return .on(secret: secret, last: OneTimeStep(number: last), since: since)
    }

    /// A code of this step was accepted.
    static func use(_ step: OneTimeStep, _ id: UserID, _ tenant: TenantID) -> Statement {
        """
        UPDATE customer_users SET totp_last_step = \(step.number) WHERE tenant_id = \(tenant) AND id = \(id)
        """
    }

    /// The catalogue file's password stays the one that later files are compared with.
    static func change(passwordHash: String, _ id: UserID, _ tenant: TenantID) -> Statement {
        """
        UPDATE customer_users SET password_hash = \(passwordHash),
            applied_password_hash = coalesce(applied_password_hash, password_hash), session_version = session_version + 1
        WHERE tenant_id = \(tenant) AND id = \(id)
        """
    }

    /// A secret that waits for its first code.
    static func propose(secret: [UInt8], _ id: UserID, _ tenant: TenantID) -> Statement {
        """
        UPDATE customer_users SET totp_secret = \(secret) WHERE tenant_id = \(tenant) AND id = \(id)
        """
    }

    /// From now on codes are asked for, and sessions that were opened without one are over.
    static func turnOn(
        _ step: OneTimeStep, _ id: UserID, _ tenant: TenantID, at now: Instant
    ) -> Statement {
        """
        UPDATE customer_users SET totp_confirmed_at = \(now), totp_last_step = \(step.number),
            session_version = session_version + 1
        WHERE tenant_id = \(tenant) AND id = \(id)
        """
    }

    static func turnOff(_ id: UserID, _ tenant: TenantID) -> Statement {
        """
        UPDATE customer_users SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL
        WHERE tenant_id = \(tenant) AND id = \(id)
        """
    }

    /// Ends every session.
    static func endSessions(_ id: UserID, _ tenant: TenantID) -> Statement {
        """
        UPDATE customer_users SET session_version = session_version + 1 WHERE tenant_id = \(tenant) AND id = \(id)
        """
    }

    private static let selected = """
        SELECT u.id, u.customer_id, u.username, u.email, u.role, u.password_hash, u.session_version, u.active AND c.active,
            u.totp_secret, u.totp_confirmed_at, u.totp_last_step
        FROM customer_users u JOIN customers c ON c.tenant_id = u.tenant_id AND c.id = u.customer_id
        """
}
