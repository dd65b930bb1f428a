public import Catalog
public import Postgres
internal import Primitives

/// A subscription's exit and its plan's.
public enum ExitStore {
    /// Locks a subscription and reads what its plan offers; `nil` where that is nothing.
    ///
    /// One that was sold before its plan offered exits has the plan's first.
    static func lock(
        _ tenant: TenantID, _ subscription: SubscriptionID, _ transaction: Transaction
    ) throws -> ExitOffers? {
        guard let row = try transaction.query(Statement(lockText, [tenant, subscription])).first else {
            return nil
        }
        let countries: [ExitCountry] = try row.get(2)
        let rotations: [ExitRotation] = try row.get(3)
        guard let country = countries.first, let rotation = rotations.first else { return nil }
        return ExitOffers(
            countries: countries, rotations: rotations,
            current: try exit(row, startingAt: 0) ?? Exit(country: country, rotation: rotation))
    }

    private static let lockText = """
        SELECT s.exit_country, s.exit_rotation, p.exits, p.exit_rotations
        FROM (
            SELECT * FROM subscriptions WHERE tenant_id = $1 AND id = $2 LIMIT 1 FOR NO KEY UPDATE
        ) s
        CROSS JOIN LATERAL (SELECT * FROM plans WHERE tenant_id = $1 AND id = s.plan_id LIMIT 1) p
        """

    static func set(_ exit: Exit, _ tenant: TenantID, _ subscription: SubscriptionID) -> Statement {
        Statement(setText, [tenant, subscription, exit.country, exit.rotation])
    }

    private static let setText = """
        UPDATE subscriptions SET exit_country = $3, exit_rotation = $4 WHERE tenant_id = $1 AND id = $2
        """

    /// Reads country and rotation, the first of which stands at `start`; `nil` where there is no choice of exit.
    public static func exit(_ row: Row, startingAt start: Int) throws -> Exit? {
        guard let country = try row.get(start, as: ExitCountry?.self),
            let rotation = try row.get(start + 1, as: ExitRotation?.self)
        else { return nil }
        return Exit(country: country, rotation: rotation)
    }
}
