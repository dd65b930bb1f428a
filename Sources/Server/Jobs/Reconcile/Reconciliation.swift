internal import Logging
internal import Postgres
internal import Primitives
internal import SchemaFiles

/// Compares ledger, orders and allocations with each other, and says what differs. It repairs nothing.
///
/// Each check is one statement, so it sees one moment whatever is sold meanwhile, and has a transaction of its own: a
/// snapshot that lived through all of them would keep the database from tidying up.
struct Reconciliation: Sendable {
    /// Invariants by name: those about money, what it was paid for, and what is lent for it.
    static let checks = [
        // The ledger with itself.
        "every_balance_equals_its_postings", "every_statement_runs_without_gap",
        "every_transfer_has_an_entry",
        "transfers_stay_in_one_currency_and_tenant", "no_account_below_its_floor",
        "reversals_do_not_exceed_what_they_reverse",
        // Orders with the ledger.
        "every_paid_order_has_exactly_one_charge", "every_wholesale_leg_matches_its_order",
        "every_order_total_is_list_less_discount", "refunded_orders_match_their_reversals",
        "order_terms_sum_to_the_total",
        // Subscriptions with orders and allocations.
        "every_subscription_has_its_order", "terms_tile_without_gap", "live_subscription_has_its_slot",
        "allocation_expires_with_its_subscription", "assigned_slots_have_an_allocation",
        "no_slot_is_lent_twice",
        // Coupons with their uses.
        "coupon_counts_match_redemptions", "coupon_within_limits", "redemption_matches_its_order",
        "promises_count_their_renewals", "first_orders_come_first",
        // Orders that wait for money with those that came of them.
        "pending_orders_become_what_they_say",
        // Payments with their top-ups and what went back.
        "payments_match_their_top_ups", "what_goes_back_of_a_payment_is_in_the_journal",
    ]

    /// May read every tenant; see `ReconcileJob`.
    let pool: PostgresPool
    let logger: Logger

    /// Looks at everything once.
    ///
    /// - Parameters:
    ///   - tenant: at this tenant's rows alone; `nil`: at all.
    ///   - progress: told the counts after every check; what it throws ends the run.
    func run(
        of tenant: TenantID? = nil, progress: (ReconcileCounts) throws -> Void = { _ in }
    ) async throws -> ReconcileCounts {
        var counts = ReconcileCounts()
        for invariant in SchemaFiles.invariants where Self.checks.contains(invariant.name) {
            do {
                let (first, count) = try await pool.transaction(tenant: nil) { transaction in
                    _ = try transaction.pipeline(ReconcileStore.settings)
                    return try ReconcileStore.findings(
                        transaction.query(
                            ReconcileStore.findings(
                                invariant.sql, of: tenant, limit: ReconcileCounts.problemsMax)))
                }
                counts.add(first, of: count, against: invariant.name)
                for problem in first {
                    logger.error(
                        "the books differ", metadata: ["check": "\(invariant.name)", "problem": "\(problem)"])
                }
            } catch let error where Self.isOfACheck(error) {
                // What cannot be read, or not in time, must not hide what the other checks would say.
                counts.fail("\(invariant.name) cannot be checked: \(error)")
                logger.error(
                    "a check cannot be made", metadata: ["check": "\(invariant.name)", "error": "\(error)"])
            }
            try progress(counts)
        }
        return counts
    }

    private static func isOfACheck(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: !error.isConnectionLost
        case is Unreadable: true
        default: false
        }
    }
}
