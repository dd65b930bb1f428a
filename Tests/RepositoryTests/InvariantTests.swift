import Postgres
import SchemaFiles
import TestSupport
import Testing

/// An invariant that cannot fail proves nothing, so each is shown something to object to.
@Suite("Invariants", .database(invariants: false))
struct InvariantTests {
    @Test func `nothing is wrong with a healthy world`() async throws {
        try await withDatabase { database in
            try await database.execute(HealthyWorld.script)
            let broken = try await database.brokenInvariants()
            #expect(broken.isEmpty, "\(broken)")
        }
    }

    @Test func `an invariant sees what was broken, in the tenant where it was`() async throws {
        try await withDatabase { database in
            try await database.execute(HealthyWorld.script)
            try await database.owner.run { connection in
                for breakage in Breakage.all { try check(breakage, on: connection) }
            }
        }
    }

    /// Breaks the world within a transaction that is rolled back, so that the next finds it whole.
    private func check(_ breakage: Breakage, on connection: Connection) throws {
        let invariant = try #require(SchemaFiles.invariants.first { $0.name == breakage.invariant })
        try connection.execute("BEGIN")
        try connection.execute(HealthyWorld.prelude + breakage.script)
        let tenants: [Int64] = try connection.query(Statement(unsafeRaw: invariant.sql)).map {
            try $0.get("tenant_id")
        }
        try connection.execute("ROLLBACK")
        #expect(Set(tenants) == [1], "\(breakage.invariant) after \(breakage.script)")
    }

    @Test func `every invariant is shown at least one thing to object to`() {
        let shown = Set(Breakage.all.map(\.invariant))
        #expect(shown == Set(SchemaFiles.invariants.map(\.name)))
    }

    @Test func `a subscription that is past its end and grace needs no slot`() async throws {
        try await withDatabase { database in
            try await database.execute(HealthyWorld.script)
            try await database.execute(
                HealthyWorld.prelude + """
                    UPDATE allocations SET released_at = expires_at + interval '1 hour'
                        WHERE tenant_id = 1 AND subscription_id = pg_temp.id(402);
                    UPDATE slots SET state = 'quarantined', state_since = timestamptz '2026-03-02T01:00:00Z'
                        WHERE tenant_id = 1 AND id = pg_temp.id(602);
                    """
            )
            let broken = try await database.brokenInvariants()
            #expect(broken.isEmpty, "\(broken)")
        }
    }

    @Test func `a subscription of months is anchored where its months begin`() async throws {
        try await withDatabase { database in
            try await database.execute(HealthyWorld.script)
            try await database.execute(
                HealthyWorld.prelude + """
                    UPDATE plan_versions SET duration_ms = NULL, duration_months = 1;
                    UPDATE subscriptions SET anchored_at = started_at, anchored_months = 3 WHERE id = pg_temp.id(401);
                    UPDATE terms SET anchored_at = timestamptz '2026-01-31Z', anchored_months = period_index + 1
                        WHERE subscription_id = pg_temp.id(401);
                    """
            )
            let broken = try await database.brokenInvariants()
            #expect(broken.isEmpty, "\(broken)")
        }
    }

    @Test func `paid time may be cut: what comes after goes on from there, and serves in its place`()
        async throws
    {
        try await withDatabase { database in
            try await database.execute(HealthyWorld.script)
            // The third period was taken back before it began, and bought again: its number is not used twice.
            let script =
                HealthyWorld.prelude + """
                    UPDATE terms SET cut_at = starts_at, cut_recorded_at = starts_at
                        WHERE subscription_id = pg_temp.id(401) AND period_index = 2;
                    INSERT INTO terms (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor)
                        SELECT tenant_id, subscription_id, 3, order_id, starts_at, ends_at, 0 FROM terms
                        WHERE subscription_id = pg_temp.id(401) AND period_index = 2;
                    UPDATE subscriptions SET next_period = 4 WHERE id = pg_temp.id(401);
                    """
            try await database.execute(script)
            #expect(try await database.brokenInvariants().isEmpty)
            // Cut in its middle, the first one leaves a gap before the second.
            try await database.execute(
                HealthyWorld.prelude + """
                    UPDATE terms SET cut_at = starts_at + interval '10 days', cut_recorded_at = starts_at
                        WHERE tenant_id = 1 AND subscription_id = pg_temp.id(401) AND period_index = 0
                    """)
            #expect(try await database.brokenInvariants().map(\.invariant) == ["terms_tile_without_gap"])
        }
    }

    @Test func `a renewal after the end may leave a gap, and only then`() async throws {
        try await withDatabase { database in
            try await database.execute(HealthyWorld.script)
            let script =
                HealthyWorld.prelude + """
                    UPDATE terms SET starts_at = starts_at + interval '5 days', ends_at = ends_at + interval '5 days'
                        WHERE tenant_id = 1 AND subscription_id = pg_temp.id(401) AND period_index = 2;
                    UPDATE subscriptions SET active_until = active_until + interval '5 days'
                        WHERE tenant_id = 1 AND id = pg_temp.id(401);
                    UPDATE allocations SET expires_at = expires_at + interval '5 days'
                        WHERE tenant_id = 1 AND subscription_id = pg_temp.id(401);
                    """
            try await database.execute(script)
            #expect(try await database.brokenInvariants().map(\.invariant) == ["terms_tile_without_gap"])
            try await database.execute(
                HealthyWorld.prelude + """
                    UPDATE orders SET placed_at = timestamptz '2026-04-06T00:00:00Z'
                        WHERE tenant_id = 1 AND id = pg_temp.id(302)
                    """
            )
            #expect(try await database.brokenInvariants().isEmpty)
        }
    }
}
