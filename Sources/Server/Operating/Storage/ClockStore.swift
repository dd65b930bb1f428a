internal import Postgres
internal import Primitives

/// SQL of the clocks of sandboxes, which are moved by hand.
enum ClockStore {
    /// The tenant's row, so that one move comes after the other.
    static func lock(_ slug: String) -> Statement { Statement(lockText, [slug]) }

    /// Moves a clock, and leaves who did it and an event.
    static func move(
        _ tenant: TenantID, from before: Int64, to after: Int64, actor: String, event: CommandID,
        at time: TenantTime
    ) -> [Statement] {
        let payload = JSONB("{\"ahead_before_ms\":\(before),\"ahead_after_ms\":\(after)}")
        return [
            Statement(moveText, [tenant, before, after]),
            Statement(noteText, [tenant, before, after, actor, time.real]),
            Statement(eventText, [tenant, event, payload, time.now]),
            Statement("SELECT pg_notify($1, $2)", [CatalogueCache.channel, "\(tenant)"]),
        ]
    }

    private static let lockText = """
        SELECT id, slug, currency, sandbox_of, clock_ahead_ms FROM tenants WHERE slug = $1 FOR NO KEY UPDATE
        """
    private static let moveText =
        "UPDATE tenants SET clock_ahead_ms = $3 WHERE id = $1 AND clock_ahead_ms = $2"
    private static let noteText = """
        INSERT INTO clock_moves (tenant_id, ahead_before_ms, ahead_after_ms, actor, moved_at)
        VALUES ($1, $2, $3, $4, $5)
        """
    private static let eventText = """
        INSERT INTO outbox_events (tenant_id, id, kind, payload, recorded_at) VALUES ($1, $2, 'clock.moved', $3, $4)
        """
}
