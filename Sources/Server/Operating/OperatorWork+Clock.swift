internal import Postgres
internal import Primitives

/// A tenant's clock, as an operator sees it.
struct ClockView: Sendable, Equatable {
    let tenant: String
    let isSandbox: Bool
    let real: Instant
    /// In milliseconds.
    let ahead: Int64

    var now: Instant { TenantTime(real: real, aheadMilliseconds: ahead).now }

    var json: JSON {
        [
            "tenant": .string(tenant), "sandbox": .bool(isSandbox), "now": .string(now.rfc3339()),
            "real": .string(real.rfc3339()), "ahead_ms": .integer(ahead),
        ]
    }

    var line: String {
        let state = DurationText(milliseconds: ahead).map { "\($0) ahead" } ?? "as the real clock has it"
        return "\(tenant)  \(now.rfc3339())  \(state)\(isSandbox ? "" : "  live: it cannot be moved")"
    }
}

extension OperatorWork {
    func clock(of slug: String) async throws -> ClockView {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(slug, transaction)
            return ClockView(
                tenant: slug, isSandbox: tenant.isSandbox, real: transaction.realNow, ahead: tenant.clockAhead
            )
        }
    }

    /// Moves a sandbox's clock ahead, writes down who did it, and tells every process.
    ///
    /// Once this has returned, whatever is ordered from any process happens by the new time, because the engine reads
    /// the clock under each group's locks.
    func moveClock(of slug: String, _ move: ClockMove) async throws -> ClockView {
        try await pool.transaction(tenant: nil) { transaction in
            guard let tenant = try OperatorStore.tenant(transaction.query(ClockStore.lock(slug))) else {
                throw Refusal.tenantUnknown(slug)
            }
            guard tenant.isSandbox else { throw Refusal.clockIsLive(slug) }
            let ahead: Int64
            do throws(ClockMove.Refusal) {
                ahead = try move.ahead(from: tenant.clockAhead, at: transaction.realNow)
            } catch {
                throw Refusal.clock(error)
            }
            let time = TenantTime(real: transaction.realNow, aheadMilliseconds: ahead)
            _ = try transaction.pipeline(
                ClockStore.move(
                    tenant.id, from: tenant.clockAhead, to: ahead, actor: actor,
                    event: identifiers.next(at: time.real), at: time))
            try write(
                AuditNote(
                    "moveClock", "tenant", slug, from: ["clock_ahead_ms": .integer(tenant.clockAhead)],
                    to: ["clock_ahead_ms": .integer(ahead)]),
                of: tenant.id, transaction)
            return ClockView(tenant: slug, isSandbox: true, real: time.real, ahead: ahead)
        }
    }
}
