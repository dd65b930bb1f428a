internal import Catalog
internal import Postgres
internal import Primitives

/// SQL of subscriptions.
enum SubscriptionStore {
    /// Locks subscriptions in key order, with what their plan sells; read before their holdings.
    static func locking(_ keys: Set<TenantKey<SubscriptionID>>) -> Statement {
        let keys = keys.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        return Statement(lockingByKey, [keys.map(\.tenant), keys.map(\.name)])
    }

    /// Locks, in key order, these subscriptions and those that these orders made or extended and that still run.
    static func locking(
        _ keys: Set<TenantKey<SubscriptionID>>, soldBy orders: Set<TenantKey<OrderID>>
    ) -> Statement {
        let orders = orders.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        let keys = keys.sorted { ($0.tenant, $0.name) < ($1.tenant, $1.name) }
        return Statement(
            lockingByOrder,
            [orders.map(\.tenant), orders.map(\.name), keys.map(\.tenant), keys.map(\.name)])
    }

    /// Reads the rows of either statement.
    static func subscriptions(_ result: ResultSet) throws -> [(TenantID, SubscriptionRow)] {
        try result.map { row in
            let subscription = SubscriptionRow(
                id: try row.get(1), customer: try row.get(2), order: try row.get(3), plan: try row.get(4),
                product: try row.get(5),
                connection: try row.get(6), dialect: try row.get(7), activeUntil: try row.get(8),
                anchor: try anchor(row, 15, 16), nextPeriod: try row.get(9),
                isEnded: try row.get(10, as: Instant?.self) != nil,
                automatic: AutoRenewal(
                    renewsAt: try row.get(11), triedOn: try row.get(12), tries: try row.get(13),
                    renewals: try row.get(14)), exit: try exit(row, 17, 18), holdings: [])
            return (try row.get(0), subscription)
        }
    }

    private static func exit(_ row: Row, _ country: Int, _ rotation: Int) throws -> Exit? {
        guard let country = try row.get(country, as: ExitCountry?.self),
            let rotation = try row.get(rotation, as: ExitRotation?.self)
        else { return nil }
        return Exit(country: country, rotation: rotation)
    }

    static func anchor(_ row: Row, _ at: Int, _ months: Int) throws -> CalendarAnchor? {
        guard let instant = try row.get(at, as: Instant?.self) else { return nil }
        return CalendarAnchor(at: instant, months: try row.get(months))
    }

    static func inserting(_ rows: [GroupWrites.NewSubscription]) -> Statement {
        Statement(
            insert,
            [
                rows.map(\.tenant), rows.map(\.id), rows.map(\.customer), rows.map(\.order), rows.map(\.plan),
                rows.map(\.dialect), rows.map(\.isTrial), rows.map(\.period.start), rows.map(\.period.end),
                rows.map(\.periods), rows.map(\.exit?.country), rows.map(\.exit?.rotation),
                rows.map(\.renewsAt), rows.map(\.anchor?.at), rows.map(\.anchor?.months),
            ])
    }

    static func updating(_ rows: [GroupWrites.SubscriptionChange]) -> Statement {
        Statement(
            update,
            [
                rows.map(\.tenant), rows.map(\.id), rows.map(\.plan), rows.map(\.activeUntil),
                rows.map(\.nextPeriod), rows.map(\.endedAt), rows.map(\.automatic.renewsAt),
                rows.map(\.automatic.triedOn), rows.map(\.automatic.tries), rows.map(\.automatic.renewals),
                rows.map(\.anchor?.at), rows.map(\.anchor?.months),
            ])
    }

    /// Writes exits that were agreed anew.
    static func settingExits(_ exits: [TenantKey<SubscriptionID>: Exit?]) -> Statement {
        let exits = Array(exits)
        return Statement(
            setExits,
            [
                exits.map(\.key.tenant), exits.map(\.key.name), exits.map(\.value?.country),
                exits.map(\.value?.rotation),
            ])
    }

    private static let setExits = """
        UPDATE subscriptions s SET exit_country = v.country, exit_rotation = v.rotation
        FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[]) AS v (tenant_id, id, country, rotation)
        WHERE s.tenant_id = v.tenant_id AND s.id = v.id
        """

    private static let columns = """
        s.tenant_id, s.id, s.customer_id, s.order_id, s.plan_id, p.product, p.connection, s.dialect, s.active_until,
        s.next_period, s.ended_at, s.renews_at, s.tried_on, s.tries, s.auto_renewals, s.anchored_at,
        s.anchored_months, s.exit_country, s.exit_rotation
        """

    private static let lockingByKey = """
        SELECT \(columns)
        FROM unnest($1::bigint[], $2::uuid[]) AS wanted (tenant_id, id)
        CROSS JOIN LATERAL (
            SELECT * FROM subscriptions WHERE tenant_id = wanted.tenant_id AND id = wanted.id
            LIMIT 1 FOR NO KEY UPDATE
        ) s
        CROSS JOIN LATERAL (
            SELECT product, connection FROM plans WHERE tenant_id = s.tenant_id AND id = s.plan_id LIMIT 1
        ) p
        """

    private static let lockingByOrder = """
        SELECT \(columns)
        FROM (
            SELECT * FROM unnest($3::bigint[], $4::uuid[])
            UNION
            SELECT bought.tenant_id, sold.id
            FROM unnest($1::bigint[], $2::uuid[]) AS bought (tenant_id, order_id)
            CROSS JOIN LATERAL (
                SELECT customer_id, subscription_id FROM orders
                WHERE tenant_id = bought.tenant_id AND id = bought.order_id LIMIT 1
            ) o
            CROSS JOIN LATERAL (
                SELECT id FROM subscriptions
                WHERE o.subscription_id IS NULL AND tenant_id = bought.tenant_id AND customer_id = o.customer_id
                    AND order_id = bought.order_id AND ended_at IS NULL
                UNION ALL
                SELECT o.subscription_id WHERE o.subscription_id IS NOT NULL
            ) sold
            ORDER BY 1, 2
        ) AS wanted (tenant_id, id)
        CROSS JOIN LATERAL (
            SELECT * FROM subscriptions WHERE tenant_id = wanted.tenant_id AND id = wanted.id
            LIMIT 1 FOR NO KEY UPDATE
        ) s
        CROSS JOIN LATERAL (
            SELECT product, connection FROM plans WHERE tenant_id = s.tenant_id AND id = s.plan_id LIMIT 1
        ) p
        """

    private static let insert = """
        INSERT INTO subscriptions
            (tenant_id, id, customer_id, order_id, plan_id, dialect, trial, started_at, active_until, next_period,
             exit_country, exit_rotation, renews_at, anchored_at, anchored_months)
        SELECT * FROM unnest(
            $1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::boolean[],
            $8::timestamptz[], $9::timestamptz[], $10::integer[], $11::text[], $12::text[],
            $13::timestamptz[], $14::timestamptz[], $15::integer[])
        """

    private static let update = """
        UPDATE subscriptions s
        SET plan_id = v.plan_id, active_until = v.active_until, next_period = v.next_period, ended_at = v.ended_at,
            renews_at = v.renews_at, tried_on = v.tried_on, tries = v.tries, auto_renewals = v.auto_renewals,
            anchored_at = v.anchored_at, anchored_months = v.anchored_months
        FROM unnest(
            $1::bigint[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::integer[], $6::timestamptz[],
            $7::timestamptz[], $8::timestamptz[], $9::integer[], $10::integer[], $11::timestamptz[], $12::integer[])
            AS v (tenant_id, id, plan_id, active_until, next_period, ended_at, renews_at, tried_on, tries,
                  auto_renewals, anchored_at, anchored_months)
        WHERE s.tenant_id = v.tenant_id AND s.id = v.id
        """
}
