/// One way to break the healthy world of tenant 1, and the invariant that has to notice.
struct Breakage: Sendable {
    let invariant: String
    let script: String

    static let all =
        (ledger + payments + orders + subscriptions + slots + coupons + waiting + memory + sandboxes + staff)
        .flatMap { invariant, scripts in scripts.map { Breakage(invariant: invariant, script: $0) } }

    private typealias Table = [(String, [String])]

    private static let ledger: Table = [
        (
            "every_balance_equals_its_postings",
            [
                "UPDATE accounts SET balance_minor = balance_minor + 1 WHERE tenant_id = 1 AND id = pg_temp.id(2)",
                "UPDATE accounts SET postings_count = postings_count + 1 WHERE tenant_id = 1 AND id = pg_temp.id(3)",
                """
                INSERT INTO accounts (tenant_id, id, owner_id, role, currency, normal_side, balance_minor, created_at)
                    VALUES (1, pg_temp.id(9), pg_temp.id(0), 'adjustments', 'USD', 'debit', 5, timestamptz '2026-01-31Z')
                """,
            ]
        ),
        (
            "every_statement_runs_without_gap",
            [
                "UPDATE transfers SET credit_balance_after = 9999 WHERE tenant_id = 1 AND entry_id = pg_temp.id(201)",
                "UPDATE transfers SET credit_sequence = 7 WHERE tenant_id = 1 AND entry_id = pg_temp.id(501)",
                "UPDATE transfers SET credit_sequence = 3 WHERE tenant_id = 1 AND entry_id = pg_temp.id(501)",
            ]
        ),
        (
            "no_account_below_its_floor",
            [
                """
                ALTER TABLE accounts DROP CONSTRAINT account_balance_must_not_fall_below_its_floor;
                UPDATE accounts SET floor_minor = balance_minor + 1 WHERE tenant_id = 1 AND id = pg_temp.id(1)
                """
            ]
        ),
        (
            "transfers_stay_in_one_currency_and_tenant",
            [
                "UPDATE transfers SET currency = 'EUR' WHERE tenant_id = 1 AND entry_id = pg_temp.id(201)",
                "UPDATE accounts SET currency = 'EUR' WHERE tenant_id = 1 AND id = pg_temp.id(2)",
                "DELETE FROM accounts WHERE tenant_id = 1 AND id = pg_temp.id(5)",
            ]
        ),
        (
            "every_transfer_has_an_entry",
            ["DELETE FROM journal_entries WHERE tenant_id = 1 AND id = pg_temp.id(202)"]
        ),
        (
            "reversals_do_not_exceed_what_they_reverse",
            [
                "UPDATE transfers SET amount_minor = 1201 WHERE tenant_id = 1 AND entry_id = pg_temp.id(501)",
                "UPDATE transfers SET credit_account_id = pg_temp.id(4) WHERE tenant_id = 1 AND entry_id = pg_temp.id(501)",
                """
                UPDATE transfers SET debit_account_id = credit_account_id, credit_account_id = debit_account_id,
                                     debit_sequence = credit_sequence, credit_sequence = debit_sequence
                    WHERE tenant_id = 1 AND entry_id = pg_temp.id(501)
                """,
                "UPDATE journal_entries SET reverses_id = pg_temp.id(999) WHERE tenant_id = 1 AND id = pg_temp.id(501)",
            ]
        ),
    ]

    private static let payments: Table = [
        (
            "payments_match_their_top_ups",
            [
                "UPDATE payments SET credited_minor = 9999 WHERE tenant_id = 1 AND id = pg_temp.id(901)",
                "UPDATE payments SET entry_id = pg_temp.id(301) WHERE tenant_id = 1 AND id = pg_temp.id(901)",
                "UPDATE payments SET customer_id = pg_temp.id(102) WHERE tenant_id = 1 AND id = pg_temp.id(901)",
                "UPDATE payments SET customer_id = pg_temp.id(999) WHERE tenant_id = 1 AND id = pg_temp.id(902)",
                "UPDATE payments SET returned_minor = 1 WHERE tenant_id = 1 AND id = pg_temp.id(901)",
                """
                INSERT INTO payment_reversals (tenant_id, id, payment_id, kind, amount_minor, booked_minor, state,
                                               recorded_at, closed_at)
                    VALUES (1, pg_temp.id(911), pg_temp.id(999), 'refund', 5, 0, 'released', timestamptz '2026-01-31Z',
                            timestamptz '2026-01-31Z')
                """,
            ]
        ),
        (
            "what_goes_back_of_a_payment_is_in_the_journal",
            [
                "UPDATE payments SET held_minor = 1 WHERE tenant_id = 1 AND id = pg_temp.id(901)",
                """
                INSERT INTO payment_reversals (tenant_id, id, payment_id, kind, amount_minor, booked_minor, state, entry_id,
                                               recorded_at, closed_at)
                    VALUES (1, pg_temp.id(911), pg_temp.id(901), 'refund', 200, 200, 'returned', pg_temp.id(501),
                            timestamptz '2026-01-31Z', timestamptz '2026-01-31Z')
                """,
                """
                INSERT INTO accounts (tenant_id, id, owner_id, role, currency, normal_side, balance_minor, created_at)
                    VALUES (1, pg_temp.id(9), pg_temp.id(0), 'refunds_due', 'USD', 'credit', 5, timestamptz '2026-01-31Z')
                """,
            ]
        ),
    ]

    private static let orders: Table = [
        (
            "every_paid_order_has_exactly_one_charge",
            [
                "UPDATE transfers SET amount_minor = 1919 WHERE tenant_id = 1 AND entry_id = pg_temp.id(301) AND line = 1",
                "DELETE FROM transfers WHERE tenant_id = 1 AND entry_id = pg_temp.id(301) AND line = 1",
                "UPDATE accounts SET owner_id = pg_temp.id(102) WHERE tenant_id = 1 AND role = 'wallet'",
                """
                UPDATE transfers SET amount_minor = 1000 WHERE tenant_id = 1 AND entry_id = pg_temp.id(301) AND line = 1;
                INSERT INTO transfers VALUES
                    (1, pg_temp.id(301), 3, pg_temp.id(1), pg_temp.id(2), 'USD', 920, 5, 4, 0, 0)
                """,
                """
                INSERT INTO transfers VALUES
                    (1, pg_temp.id(303), 1, pg_temp.id(1), pg_temp.id(2), 'USD', 1, 5, 4, 0, 0)
                """,
            ]
        ),
        (
            "every_order_total_is_list_less_discount",
            [
                """
                ALTER TABLE orders DROP CONSTRAINT order_total_is_list_less_discount;
                UPDATE orders SET list_minor = list_minor + 1 WHERE tenant_id = 1 AND id = pg_temp.id(301)
                """
            ]
        ),
        (
            "every_wholesale_leg_matches_its_order",
            [
                "UPDATE orders SET wholesale_minor = 1399 WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "UPDATE orders SET wholesale_minor = NULL WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "DELETE FROM transfers WHERE tenant_id = 1 AND entry_id = pg_temp.id(302) AND line = 2",
            ]
        ),
        (
            "refunded_orders_match_their_reversals",
            [
                "UPDATE orders SET refunded_minor = 0 WHERE tenant_id = 1 AND id = pg_temp.id(302)",
                "UPDATE orders SET refunded_minor = 1 WHERE tenant_id = 1 AND id = pg_temp.id(301)",
            ]
        ),
        (
            "every_reference_exists",
            [
                "DELETE FROM customers WHERE tenant_id = 1 AND id = pg_temp.id(101)",
                "DELETE FROM plan_versions WHERE tenant_id = 1",
                "DELETE FROM plans WHERE tenant_id = 1",
                "DELETE FROM coupons WHERE tenant_id = 1",
                "DELETE FROM orders WHERE tenant_id = 1 AND id = pg_temp.id(302)",
                "DELETE FROM subscriptions WHERE tenant_id = 1 AND id = pg_temp.id(402)",
                "DELETE FROM slots WHERE tenant_id = 1 AND id = pg_temp.id(601)",
                "DELETE FROM gateways WHERE tenant_id = 1",
                "UPDATE allocations SET gateway_id = pg_temp.id(999) WHERE tenant_id = 1",
                "UPDATE plans SET network_ids = ARRAY[pg_temp.id(999)] WHERE tenant_id = 1",
                "UPDATE allowlist_entries SET subscription_id = pg_temp.id(999) WHERE tenant_id = 1",
                "UPDATE coupon_promises SET coupon_id = pg_temp.id(999) WHERE tenant_id = 1",
                "UPDATE coupon_promises SET subscription_id = pg_temp.id(999) WHERE tenant_id = 1",
                "UPDATE stock_levels SET network_id = pg_temp.id(999) WHERE tenant_id = 1",
            ]
        ),
    ]

    /// All that is paid for is of months, and rightly anchored: what is said after it breaks that.
    private static let months = """
        UPDATE plan_versions SET duration_ms = NULL, duration_months = 1 WHERE tenant_id = 1;
        UPDATE subscriptions SET anchored_at = started_at, anchored_months = 3
            WHERE tenant_id = 1 AND id = pg_temp.id(401);
        UPDATE terms SET anchored_at = timestamptz '2026-01-31Z', anchored_months = period_index + 1
            WHERE tenant_id = 1 AND subscription_id = pg_temp.id(401);

        """

    private static let subscriptions: Table = [
        (
            "order_terms_sum_to_the_total",
            [
                "UPDATE terms SET amount_minor = 961 WHERE tenant_id = 1 AND period_index = 1",
                "DELETE FROM terms WHERE tenant_id = 1 AND order_id = pg_temp.id(302)",
            ]
        ),
        (
            "anchored_months_match_their_terms",
            [
                // Anchored, although its terms were paid for by fixed lengths.
                """
                UPDATE subscriptions SET anchored_at = started_at, anchored_months = 3
                    WHERE tenant_id = 1 AND id = pg_temp.id(401)
                """,
                // Paid for by months, and not anchored.
                "UPDATE plan_versions SET duration_ms = NULL, duration_months = 1 WHERE tenant_id = 1",
                // A month too many, in the subscription and in its terms; an anchor where no term begins; a month counted
                // that was taken back.
                months
                    + "UPDATE subscriptions SET anchored_months = 4 WHERE tenant_id = 1 AND id = pg_temp.id(401)",
                months + """
                    UPDATE terms SET anchored_months = anchored_months + 1 WHERE tenant_id = 1 AND period_index > 0;
                    UPDATE subscriptions SET anchored_months = 4 WHERE tenant_id = 1 AND id = pg_temp.id(401)
                    """,
                months + """
                    UPDATE terms SET anchored_at = anchored_at + interval '1 ms' WHERE tenant_id = 1;
                    UPDATE subscriptions SET anchored_at = anchored_at + interval '1 ms' WHERE tenant_id = 1
                    """,
                months
                    + "UPDATE terms SET cut_at = starts_at, cut_recorded_at = starts_at WHERE tenant_id = 1 AND period_index = 2",
            ]
        ),
        (
            "terms_tile_without_gap",
            [
                "UPDATE terms SET starts_at = starts_at + interval '1 ms' WHERE tenant_id = 1 AND period_index = 1",
                "UPDATE terms SET starts_at = starts_at - interval '1 ms' WHERE tenant_id = 1 AND period_index = 1",
                "UPDATE terms SET period_index = 7 WHERE tenant_id = 1 AND period_index = 2",
                "UPDATE terms SET starts_at = starts_at - interval '1 ms' WHERE tenant_id = 1 AND period_index = 0",
                "UPDATE subscriptions SET next_period = 4 WHERE tenant_id = 1 AND id = pg_temp.id(401)",
                "UPDATE subscriptions SET active_until = active_until - interval '1 ms' WHERE tenant_id = 1",
                "DELETE FROM terms WHERE tenant_id = 1 AND subscription_id = pg_temp.id(402)",
                // Cut, and served beyond its cut: at the end, in the middle, and by one that served nothing.
                "UPDATE terms SET cut_at = starts_at, cut_recorded_at = starts_at WHERE tenant_id = 1 AND period_index = 2",
                "UPDATE terms SET cut_at = starts_at + interval '1 day', cut_recorded_at = starts_at WHERE tenant_id = 1 AND period_index = 1",
                "UPDATE terms SET cut_at = starts_at, cut_recorded_at = starts_at WHERE tenant_id = 1",
                """
                UPDATE subscriptions SET active_until = active_until + interval '1 ms', ended_at = started_at
                    WHERE tenant_id = 1
                """,
            ]
        ),
        (
            "every_subscription_has_its_order",
            [
                "DELETE FROM orders WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "UPDATE subscriptions SET customer_id = pg_temp.id(102) WHERE tenant_id = 1",
                "UPDATE subscriptions SET trial = true WHERE tenant_id = 1",
                "UPDATE orders SET quantity = 2 WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "UPDATE orders SET subscription_id = pg_temp.id(402) WHERE tenant_id = 1 AND id = pg_temp.id(302)",
                "UPDATE orders SET subscription_id = NULL WHERE tenant_id = 1 AND id = pg_temp.id(302)",
            ]
        ),
        (
            "orders_cost_what_their_price_list_says",
            [
                "UPDATE plan_versions SET price_minor = price_minor + 1 WHERE tenant_id = 1",
                "UPDATE plan_versions SET price_minor = NULL WHERE tenant_id = 1",
                "UPDATE group_prices SET price_minor = price_minor - 1 WHERE tenant_id = 1",
                "UPDATE group_prices SET price_minor = NULL WHERE tenant_id = 1",
                "UPDATE orders SET group_price_version = 2 WHERE tenant_id = 1 AND kind = 'renewal'",
                "UPDATE orders SET list_minor = 1, total_minor = 1 WHERE tenant_id = 1 AND kind = 'trial'",
                "UPDATE customers SET group_id = pg_temp.id(999) WHERE tenant_id = 1",
                "UPDATE group_prices SET currency = 'EUR' WHERE tenant_id = 1",
                """
                INSERT INTO group_prices (tenant_id, group_id, plan_id, version, currency, recorded_at)
                    VALUES (1, pg_temp.id(14), pg_temp.id(999), 1, 'USD', now())
                """,
            ]
        ),
        (
            "trials_once",
            [
                "DELETE FROM trial_grants WHERE tenant_id = 1",
                "DELETE FROM orders WHERE tenant_id = 1 AND kind = 'trial'",
                "UPDATE trial_grants SET order_id = pg_temp.id(301) WHERE tenant_id = 1",
                """
                INSERT INTO orders (tenant_id, id, customer_id, dialect, kind, plan_id, plan_version, quantity,
                                    repeat_count, currency, list_minor, discount_minor, total_minor, state, placed_at)
                    SELECT tenant_id, pg_temp.id(304), customer_id, dialect, kind, plan_id, plan_version, quantity,
                           repeat_count, currency, list_minor, discount_minor, total_minor, state, placed_at
                    FROM orders WHERE tenant_id = 1 AND id = pg_temp.id(303)
                """,
            ]
        ),
    ]

    /// A plan of two networks, for which a subscription has two slots, the second one on the wrong network.
    private static func secondSlot(on network: Int) -> String {
        """
        UPDATE plans SET network_ids = ARRAY[pg_temp.id(11), pg_temp.id(999)] WHERE tenant_id = 1;
        UPDATE subscriptions SET ended_at = started_at WHERE tenant_id = 1 AND id = pg_temp.id(402);
        UPDATE slots SET state = 'assigned', network_id = pg_temp.id(\(network))
            WHERE tenant_id = 1 AND id = pg_temp.id(603);
        INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes,
                                 rotation_choices, expires_at, allocated_at)
            SELECT tenant_id, subscription_id, 2, pg_temp.id(603), gateway_id, 0, '{}', expires_at, allocated_at
            FROM allocations WHERE tenant_id = 1 AND subscription_id = pg_temp.id(401)
        """
    }

    private static let slots: Table = [
        (
            "live_subscription_has_its_slot",
            [
                "UPDATE slots SET state = 'draining' WHERE tenant_id = 1 AND id = pg_temp.id(601)",
                "UPDATE allocations SET released_at = allocated_at WHERE tenant_id = 1",
                "DELETE FROM allocations WHERE tenant_id = 1 AND subscription_id = pg_temp.id(402)",
                "UPDATE plans SET network_ids = ARRAY[pg_temp.id(11), pg_temp.id(999)] WHERE tenant_id = 1",
                secondSlot(on: 11),
                secondSlot(on: 998),
                """
                INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes,
                                         rotation_choices, expires_at, allocated_at)
                    SELECT tenant_id, subscription_id, 2, pg_temp.id(603), gateway_id, 0, '{}', expires_at, allocated_at
                    FROM allocations WHERE tenant_id = 1 AND subscription_id = pg_temp.id(401)
                """,
            ]
        ),
        (
            "slots_of_a_subscription_share_one_login",
            [
                """
                UPDATE slots SET username = 'v', state = 'assigned' WHERE tenant_id = 1 AND id = pg_temp.id(603);
                INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes,
                                         rotation_choices, expires_at, allocated_at)
                    SELECT tenant_id, subscription_id, 2, pg_temp.id(603), gateway_id, 0, '{}', expires_at, allocated_at
                    FROM allocations WHERE tenant_id = 1 AND subscription_id = pg_temp.id(401)
                """
            ]
        ),
        (
            "allocation_expires_with_its_subscription",
            [
                "UPDATE allocations SET expires_at = expires_at + interval '1 ms' WHERE tenant_id = 1"
            ]
        ),
        (
            "no_slot_is_lent_twice",
            [
                "DROP INDEX a_slot_is_lent_once; UPDATE allocations SET slot_id = pg_temp.id(601) WHERE tenant_id = 1"
            ]
        ),
        (
            "assigned_slots_have_an_allocation",
            [
                "UPDATE slots SET state = 'assigned' WHERE tenant_id = 1 AND id = pg_temp.id(603)",
                "UPDATE slots SET state = 'quarantined' WHERE tenant_id = 1 AND id = pg_temp.id(601)",
            ]
        ),
        (
            "no_port_is_served_by_two_gateways",
            [
                "UPDATE gateways SET host = '192.0.2.2' WHERE tenant_id = 1",
                "UPDATE gateways SET vless_port = 12005 WHERE tenant_id = 1",
                "UPDATE gateways SET vless_port = 443, shadowsocks_port = 443 WHERE tenant_id = 1",
            ]
        ),
    ]

    private static let coupons: Table = [
        (
            "coupon_counts_match_redemptions",
            [
                "UPDATE coupons SET redeemed_count = 2 WHERE tenant_id = 1",
                "UPDATE coupons SET discounted_minor = 719 WHERE tenant_id = 1",
                "UPDATE coupon_redemptions SET state = 'released', released_reason = 'refunded' WHERE tenant_id = 1",
                """
                UPDATE coupon_redemptions SET customer_ordinal = 2, renewal_number = NULL, subscription_id = NULL
                    WHERE tenant_id = 1 AND order_id = pg_temp.id(302)
                """,
            ]
        ),
        (
            "coupon_within_limits",
            [
                "UPDATE coupons SET redeemed_count = 0, max_redemptions = 0 WHERE tenant_id = 1",
                "UPDATE coupons SET discounted_minor = 0, budget_minor = 719 WHERE tenant_id = 1",
                """
                ALTER TABLE coupon_redemptions DROP CONSTRAINT redemptions_per_customer_must_not_exceed_their_limit;
                UPDATE coupon_redemptions SET customer_limit = 0 WHERE tenant_id = 1
                """,
                """
                DROP INDEX redemption_ordinal_is_used_once;
                INSERT INTO coupon_redemptions
                    SELECT tenant_id, pg_temp.id(303), coupon_id, customer_id, amount_minor, state, 1, 1, redeemed_at
                    FROM coupon_redemptions WHERE tenant_id = 1 AND order_id = pg_temp.id(301)
                """,
            ]
        ),
        (
            "promises_count_their_renewals",
            [
                "UPDATE coupon_promises SET renewals_left = 2 WHERE tenant_id = 1",
                """
                UPDATE coupon_promises SET renewals_left = 0, ended_at = promised_at, ended_reason = 'kept'
                    WHERE tenant_id = 1
                """,
                "UPDATE coupon_redemptions SET renewal_number = 2 WHERE tenant_id = 1 AND order_id = pg_temp.id(302)",
                "UPDATE coupon_promises SET coupon_id = pg_temp.id(999) WHERE tenant_id = 1",
                """
                UPDATE orders SET refunded_minor = total_minor, state = 'refunded'
                    WHERE tenant_id = 1 AND id = pg_temp.id(301)
                """,
                "DELETE FROM coupon_promises WHERE tenant_id = 1",
            ]
        ),
        (
            "first_orders_come_first",
            [
                """
                UPDATE orders SET placed_at = timestamptz '2026-01-30T23:59:59.999Z'
                    WHERE tenant_id = 1 AND id = pg_temp.id(302)
                """
            ]
        ),
        (
            "redemption_matches_its_order",
            [
                "UPDATE coupon_redemptions SET amount_minor = 479 WHERE tenant_id = 1",
                "UPDATE coupon_redemptions SET customer_id = pg_temp.id(102) WHERE tenant_id = 1",
                "UPDATE coupon_redemptions SET state = 'released', released_reason = 'refunded' WHERE tenant_id = 1",
                """
                UPDATE coupon_redemptions SET order_id = pg_temp.id(999)
                    WHERE tenant_id = 1 AND order_id = pg_temp.id(301)
                """,
                "UPDATE orders SET coupon_id = NULL WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "DELETE FROM coupon_redemptions WHERE tenant_id = 1",
            ]
        ),
    ]

    private static let waiting: Table = [
        (
            "pending_orders_become_what_they_say",
            [
                "UPDATE pending_orders SET quantity = 2 WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "UPDATE pending_orders SET state = 'expired' WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "UPDATE pending_orders SET id = pg_temp.id(399) WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "UPDATE pending_orders SET entry_id = pg_temp.id(202) WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "UPDATE pending_orders SET entry_id = pg_temp.id(999) WHERE tenant_id = 1 AND id = pg_temp.id(301)",
                "UPDATE pending_orders SET coupon_id = pg_temp.id(13) WHERE tenant_id = 1 AND id = pg_temp.id(305)",
                "UPDATE coupon_redemptions SET state = 'reserved' WHERE tenant_id = 1 AND order_id = pg_temp.id(301)",
                """
                INSERT INTO coupon_redemptions (tenant_id, order_id, coupon_id, customer_id, amount_minor, state,
                                                customer_ordinal, redeemed_at)
                    VALUES (1, pg_temp.id(306), pg_temp.id(13), pg_temp.id(102), 1, 'reserved', 1,
                            timestamptz '2026-01-31Z')
                """,
                "UPDATE pending_orders SET plan_version = 9 WHERE tenant_id = 1 AND id = pg_temp.id(305)",
                "UPDATE pending_orders SET customer_id = pg_temp.id(999) WHERE tenant_id = 1 AND id = pg_temp.id(306)",
            ]
        )
    ]

    private static let memory: Table = [
        (
            "idempotency_command_exists",
            [
                "UPDATE idempotency_keys SET command_id = pg_temp.id(999) WHERE tenant_id = 1 AND key = 'buy'",
                "DELETE FROM outbox_events WHERE tenant_id = 1",
            ]
        )
    ]

    /// Tenant 1 becomes a sandbox where that is what is wrong with it.
    private static let sandboxes: Table = [
        (
            "sandboxes_mirror_live_tenants",
            [
                "UPDATE tenants SET sandbox_of = 2, slug = 'another-sandbox' WHERE id = 1",
                "UPDATE tenants SET sandbox_of = 7, slug = 'tenant-7-sandbox' WHERE id = 1",
                "UPDATE tenants SET sandbox_of = 2, slug = 'tenant-2-sandbox', currency = 'EUR' WHERE id = 1",
                """
                UPDATE tenants SET sandbox_of = 2, slug = 'tenant-2-sandbox' WHERE id = 1;
                UPDATE gateways SET driver = 'sing-box' WHERE tenant_id = 1
                """,
                """
                INSERT INTO tenants (id, slug, name, currency, timezone, grace_ms, created_at)
                    VALUES (3, 'three', 'Three', 'USD', 'UTC', 0, timestamptz '2026-01-31Z');
                UPDATE tenants SET sandbox_of = 3, slug = 'three-sandbox' WHERE id = 2;
                UPDATE tenants SET sandbox_of = 2, slug = 'three-sandbox-sandbox' WHERE id = 1
                """,
            ]
        ),
        (
            "test_keys_open_sandboxes_only",
            [
                """
                INSERT INTO api_keys (hash, tenant_id, id, customer_id, dialect, hint, created_at)
                    VALUES (sha256('key'), 1, pg_temp.id(5), pg_temp.id(101), 'gate', 'rk_test_…abcd',
                            timestamptz '2026-01-31Z')
                """,
                """
                UPDATE tenants SET sandbox_of = 2, slug = 'tenant-2-sandbox' WHERE id = 1;
                INSERT INTO api_keys (hash, tenant_id, id, customer_id, dialect, hint, created_at)
                    VALUES (sha256('key'), 1, pg_temp.id(5), pg_temp.id(101), 'gate', 'rk_…abcd',
                            timestamptz '2026-01-31Z')
                """,
            ]
        ),
        (
            "clocks_stand_where_they_were_moved_to",
            [
                "UPDATE tenants SET sandbox_of = 2, slug = 'tenant-2-sandbox', clock_ahead_ms = 1 WHERE id = 1",
                """
                INSERT INTO clock_moves (tenant_id, ahead_before_ms, ahead_after_ms, actor, moved_at)
                    VALUES (1, 0, 5, 'somebody', timestamptz '2026-01-31Z')
                """,
                """
                UPDATE tenants SET sandbox_of = 2, slug = 'tenant-2-sandbox', clock_ahead_ms = 5 WHERE id = 1;
                INSERT INTO clock_moves (tenant_id, ahead_before_ms, ahead_after_ms, actor, moved_at)
                    VALUES (1, 0, 9, 'somebody', timestamptz '2026-01-31Z'),
                           (1, 9, 10, 'somebody', timestamptz '2026-01-31Z')
                """,
                """
                UPDATE tenants SET sandbox_of = 2, slug = 'tenant-2-sandbox', clock_ahead_ms = 5 WHERE id = 1;
                INSERT INTO clock_moves (tenant_id, ahead_before_ms, ahead_after_ms, actor, moved_at)
                    VALUES (1, 2, 5, 'somebody', timestamptz '2026-01-31Z')
                """,
            ]
        ),
    ]

    private static let staff: Table = [
        (
            "audited_changes_have_an_actor",
            [
                record(kind: "person", scope: "1", id: "pg_temp.id(5)"),
                record(kind: "key", scope: "0", id: "pg_temp.id(5)"),
                // Somebody who is there, and has nothing to do here.
                """
                INSERT INTO staff (tenant_id, id, email, name, role, password_hash, created_at)
                    VALUES (2, pg_temp.id(5), 'eve@example.com', 'Eve', 'owner', 'none', timestamptz '2026-01-31Z');
                """ + record(kind: "person", scope: "2", id: "pg_temp.id(5)"),
            ]
        )
    ]

    private static func record(kind: String, scope: String, id: String) -> String {
        """
        INSERT INTO audit_log (tenant_id, id, recorded_at, actor_kind, actor_tenant_id, actor_id, actor_name, address,
                               request_id, action, object_kind, object_id, after)
            VALUES (1, pg_temp.id(9), timestamptz '2026-01-31Z', '\(kind)', \(scope), \(id), 'eve', '', '', 'createPerson',
                    'person', '', '{}')
        """
    }
}
