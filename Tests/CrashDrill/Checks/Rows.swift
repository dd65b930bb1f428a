internal import Postgres
internal import Primitives

/// Everything that the database holds of one command, gathered by its Idempotency-Key.
struct CommandRows {
    struct Order {
        var kind: String
        var customerEmail: String
        var subscription: IdentifierBits?
        var quantity: Int32
        var repeatCount: Int32
        var listMinor: Int64
        var discountMinor: Int64
        var totalMinor: Int64
        var wholesaleMinor: Int64
        var hasCoupon: Bool
    }

    /// One subscription's periods that the order paid for.
    struct Terms: Equatable {
        var subscription: IdentifierBits
        var count: Int
        var end: Instant
    }

    var command: IdentifierBits
    var status: Int16
    var entryReason: String?
    var order: Order?
    var eventKind: String?
    var walletMinor: Int64 = 0
    var floatMinor: Int64 = 0
    var transfers = 0
    var redemptions = 0
    var trialGrants = 0
    var terms: [Terms] = []
    var subscriptions: Set<IdentifierBits> = []
    /// Slots that were first lent to the order's subscriptions: host and port of each.
    var ports: [IdentifierBits: Set<String>] = [:]
}

/// Reads rows; the statements are the drill's own and look at the tables from outside.
struct RowReader {
    let connection: Connection

    /// What is there under each of the keys; a key that nobody remembers is missing.
    func rows(_ notes: [Note]) throws -> [String: CommandRows] {
        guard !notes.isEmpty else { return [:] }
        var byKey: [String: CommandRows] = [:]
        var keys: [IdentifierBits: String] = [:]
        let found = try connection.query(
            Statement(
                Self.commands,
                [notes.map(\.customer.tenant), notes.map(\.principal), notes.map(\.command.key)]))
        for row in found {
            let key: String = try row.get("key")
            var rows = CommandRows(
                command: try row.get("command_id"), status: try row.get("status"),
                entryReason: try row.get("reason"), eventKind: try row.get("event_kind"))
            if let kind: String = try row.get("kind") {
                rows.order = CommandRows.Order(
                    kind: kind, customerEmail: try row.get("email"),
                    subscription: try row.get("subscription_id"), quantity: try row.get("quantity"),
                    repeatCount: try row.get("repeat_count"), listMinor: try row.get("list_minor"),
                    discountMinor: try row.get("discount_minor"), totalMinor: try row.get("total_minor"),
                    wholesaleMinor: try row.get("wholesale_minor"), hasCoupon: try row.get("has_coupon"))
            }
            rows.transfers = try row.get("transfers")
            rows.walletMinor = try row.get("wallet_minor")
            rows.floatMinor = try row.get("float_minor")
            rows.redemptions = try row.get("redemptions")
            rows.trialGrants = try row.get("trials")
            keys[rows.command] = key
            byKey[key] = rows
        }
        for row in try connection.query(Statement(Self.termsOf, [Array(keys.keys)])) {
            let terms = CommandRows.Terms(
                subscription: try row.get("subscription_id"), count: try row.get("count"),
                end: try row.get("end"))
            byKey[keys[try row.get("order_id")]!]?.terms.append(terms)
        }
        for row in try connection.query(Statement(Self.subscriptionsOf, [Array(keys.keys)])) {
            let key = keys[try row.get("order_id")]!
            let id: IdentifierBits = try row.get("id")
            byKey[key]?.subscriptions.insert(id)
            if let port: String = try row.get("port") { byKey[key]?.ports[id, default: []].insert(port) }
        }
        return byKey
    }

    /// The drill looks rows up by their order, which nobody else does.
    static let indexes = """
        CREATE INDEX drill_terms_by_order ON terms (order_id);
        CREATE INDEX drill_subscriptions_by_order ON subscriptions (order_id);
        """

    private static let commands = """
        SELECT remembered.key, remembered.command_id, remembered.status, entry.reason, event.kind AS event_kind,
               placed.kind, customer.email, placed.subscription_id, placed.quantity, placed.repeat_count,
               placed.list_minor, placed.discount_minor, placed.total_minor,
               COALESCE(placed.wholesale_minor, 0) AS wholesale_minor, placed.coupon_id IS NOT NULL AS has_coupon,
               money.transfers, money.wallet_minor, money.float_minor,
               (SELECT count(*) FROM coupon_redemptions AS redemption
                WHERE (redemption.tenant_id, redemption.order_id) = (remembered.tenant_id, remembered.command_id))
                   AS redemptions,
               (SELECT count(*) FROM trial_grants AS trial
                WHERE (trial.tenant_id, trial.order_id) = (remembered.tenant_id, remembered.command_id)) AS trials
        FROM unnest($1::bigint[], $2::uuid[], $3::text[]) AS asked (tenant, principal, key)
        JOIN idempotency_keys AS remembered
          ON (remembered.tenant_id, remembered.principal_id, remembered.key)
           = (asked.tenant, asked.principal, asked.key)
        LEFT JOIN journal_entries AS entry
               ON (entry.tenant_id, entry.id) = (remembered.tenant_id, remembered.command_id)
        LEFT JOIN orders AS placed
               ON (placed.tenant_id, placed.id) = (remembered.tenant_id, remembered.command_id)
        LEFT JOIN customers AS customer
               ON (customer.tenant_id, customer.id) = (placed.tenant_id, placed.customer_id)
        LEFT JOIN outbox_events AS event
               ON (event.tenant_id, event.id) = (remembered.tenant_id, remembered.command_id)
        CROSS JOIN LATERAL (
            SELECT count(*) AS transfers,
                   COALESCE(sum(amount_minor) FILTER (WHERE role = 'wallet'), 0)::bigint AS wallet_minor,
                   COALESCE(sum(amount_minor) FILTER (WHERE role = 'float'), 0)::bigint AS float_minor
            FROM transfers AS transfer
            JOIN accounts AS account
              ON (account.tenant_id, account.id) = (transfer.tenant_id, transfer.debit_account_id)
            WHERE (transfer.tenant_id, transfer.entry_id) = (remembered.tenant_id, remembered.command_id)
        ) AS money
        """
    private static let termsOf = """
        SELECT order_id, subscription_id, count(*), max(ends_at) AS end
        FROM terms WHERE order_id = ANY($1) GROUP BY order_id, subscription_id
        """
    private static let subscriptionsOf = """
        SELECT subscription.order_id, subscription.id, gateway.host || ':' || slot.port AS port
        FROM subscriptions AS subscription
        LEFT JOIN allocations AS allocation
               ON (allocation.tenant_id, allocation.subscription_id) = (subscription.tenant_id, subscription.id)
              -- A subscription of `gate` moves between networks: only its first slot was bought.
              AND (allocation.sequence = 1 OR subscription.dialect = 'opproxy')
        LEFT JOIN slots AS slot ON (slot.tenant_id, slot.id) = (allocation.tenant_id, allocation.slot_id)
        LEFT JOIN gateways AS gateway ON (gateway.tenant_id, gateway.id) = (slot.tenant_id, slot.gateway_id)
        WHERE subscription.order_id = ANY($1)
        """
}
