/// Two tenants in whose rows nothing is wrong: each has sold, renewed, tried out, discounted and refunded something.
///
/// Both use the same ids, so a query that forgets the tenant mixes them up. `pg_temp.id(7)` is the id ending in 7.
enum HealthyWorld {
    /// Has to stand before every script that says `pg_temp.id`: the function lives as long as its session.
    static let prelude = """
        CREATE OR REPLACE FUNCTION pg_temp.id(number integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS
            $$ SELECT ('00000000-0000-7000-8000-' || lpad(number::text, 12, '0'))::uuid $$;
        """

    static let script = prelude + tenant(1) + tenant(2)

    private static func tenant(_ tenant: Int) -> String {
        parties(tenant) + catalogue(tenant) + gateways(tenant) + sales(tenant) + ledger(tenant)
    }

    private static let start = "timestamptz '2026-01-31T00:00:00Z'"

    private static func parties(_ tenant: Int) -> String {
        """
        INSERT INTO tenants (id, slug, name, currency, timezone, grace_ms, created_at)
            VALUES (\(tenant), 'tenant-\(tenant)', 'Tenant', 'USD', 'UTC', 3600000, \(start));
        INSERT INTO customers (tenant_id, id, email, username, currency, created_at) VALUES
            (\(tenant), pg_temp.id(101), 'alice@example.com', 'alice', 'USD', \(start)),
            (\(tenant), pg_temp.id(102), 'bob@example.com', 'bob', 'USD', \(start));
        """
    }

    private static func catalogue(_ tenant: Int) -> String {
        """
        INSERT INTO networks (tenant_id, id, code, city, country, type, exit_class, created_at)
            VALUES (\(tenant), pg_temp.id(11), 'NL-AMS', 'Amsterdam', 'NL', 'mobile', 'mobile_4g', \(start));
        INSERT INTO plans (tenant_id, id, code, name, product, connection, network_ids, duration_ms, currency,
                           price_minor, wholesale_minor, version, sort_order, created_at)
            VALUES (\(tenant), pg_temp.id(12), 'nl', 'NL', 'proxy', 'private', ARRAY[pg_temp.id(11)], 2592000000, 'USD',
                    1200, 700, 1, 1, \(start));
        INSERT INTO plan_versions (tenant_id, plan_id, version, duration_ms, currency, price_minor, wholesale_minor,
                                   recorded_at)
            VALUES (\(tenant), pg_temp.id(12), 1, 2592000000, 'USD', 1200, 700, \(start));
        INSERT INTO customer_groups (tenant_id, id, code, name, created_at)
            VALUES (\(tenant), pg_temp.id(14), 'gold', 'Gold', \(start));
        INSERT INTO group_prices (tenant_id, group_id, plan_id, version, currency, price_minor, recorded_at)
            VALUES (\(tenant), pg_temp.id(14), pg_temp.id(12), 1, 'USD', 1200, \(start));
        UPDATE customers SET group_id = pg_temp.id(14) WHERE tenant_id = \(tenant) AND username = 'alice';
        INSERT INTO coupons (tenant_id, id, code, percent_bps, currency, max_discount_minor, budget_minor,
                             discounted_minor, first_order, renewals, max_redemptions, per_customer, redeemed_count,
                             created_at)
            VALUES (\(tenant), pg_temp.id(13), 'WELCOME20', 2000, 'USD', 1000, 5000, 720, true, 2, 10, 1, 1,
                    \(start));
        """
    }

    private static func gateways(_ tenant: Int) -> String {
        """
        INSERT INTO gateways (tenant_id, id, name, network_id, host, first_port, last_port, protocols, driver,
                              created_at)
            VALUES (\(tenant), pg_temp.id(701), 'ams-1', pg_temp.id(11), '192.0.2.\(tenant)', 12001, 12010,
                    '{http}', 'simulated', \(start));
        INSERT INTO slots (tenant_id, id, gateway_id, network_id, port, state, rank, username, secret, secret_version,
                           secret_since, revision, state_since)
            SELECT \(tenant), pg_temp.id(600 + number), pg_temp.id(701), pg_temp.id(11), 12000 + number, state, number,
                   'u', '\\x00', 1, \(start), 1, \(start)
            FROM (VALUES (1, 'assigned'), (2, 'assigned'), (3, 'ready'), (4, 'quarantined')) AS slot (number, state);
        INSERT INTO stock_levels (tenant_id, network_id, level, crossing, changed_at)
            VALUES (\(tenant), pg_temp.id(11), 'low', 1, \(start));
        """
    }

    /// Order 301 buys two periods with a coupon, once the money for it has come (305 waits for some, 306 has waited), 302 renews them for a third as the coupon promised, 303 is a trial.
    private static func sales(_ tenant: Int) -> String {
        """
        INSERT INTO orders (tenant_id, id, customer_id, dialect, kind, plan_id, plan_version, subscription_id,
                            quantity, repeat_count, currency, list_minor, discount_minor, total_minor,
                            wholesale_minor, coupon_id, refunded_minor, state, placed_at) VALUES
            (\(tenant), pg_temp.id(301), pg_temp.id(101), 'gate', 'purchase', pg_temp.id(12), 1, NULL,
             1, 2, 'USD', 2400, 480, 1920, 1400, pg_temp.id(13), 0, 'paid', \(start)),
            (\(tenant), pg_temp.id(302), pg_temp.id(101), 'gate', 'renewal', pg_temp.id(12), 1, pg_temp.id(401),
             1, 1, 'USD', 1200, 240, 960, 700, pg_temp.id(13), 200, 'paid', \(start) + interval '1 day'),
            (\(tenant), pg_temp.id(303), pg_temp.id(102), 'gate', 'trial', pg_temp.id(12), 1, NULL,
             1, 1, 'USD', 0, 0, 0, NULL, NULL, 0, 'paid', \(start));
        UPDATE orders SET group_id = pg_temp.id(14), group_price_version = 1 WHERE tenant_id = \(tenant) AND kind = 'renewal';
        INSERT INTO subscriptions (tenant_id, id, customer_id, order_id, plan_id, dialect, trial, started_at,
                                   active_until, next_period) VALUES
            (\(tenant), pg_temp.id(401), pg_temp.id(101), pg_temp.id(301), pg_temp.id(12), 'gate', false,
             \(start), \(start) + interval '90 days', 3),
            (\(tenant), pg_temp.id(402), pg_temp.id(102), pg_temp.id(303), pg_temp.id(12), 'gate', true,
             \(start), \(start) + interval '30 days', 1);
        INSERT INTO terms (tenant_id, subscription_id, period_index, order_id, starts_at, ends_at, amount_minor) VALUES
            (\(tenant), pg_temp.id(401), 0, pg_temp.id(301), \(start), \(start) + interval '30 days', 960),
            (\(tenant), pg_temp.id(401), 1, pg_temp.id(301), \(start) + interval '30 days',
             \(start) + interval '60 days', 960),
            (\(tenant), pg_temp.id(401), 2, pg_temp.id(302), \(start) + interval '60 days',
             \(start) + interval '90 days', 960),
            (\(tenant), pg_temp.id(402), 0, pg_temp.id(303), \(start), \(start) + interval '30 days', 0);
        INSERT INTO allocations (tenant_id, subscription_id, sequence, slot_id, gateway_id, rotation_minutes,
                                 rotation_choices, expires_at, allocated_at) VALUES
            (\(tenant), pg_temp.id(401), 1, pg_temp.id(601), pg_temp.id(701), 0, '{}',
             \(start) + interval '90 days', \(start)),
            (\(tenant), pg_temp.id(402), 1, pg_temp.id(602), pg_temp.id(701), 0, '{}',
             \(start) + interval '30 days', \(start));
        INSERT INTO coupon_redemptions (tenant_id, order_id, coupon_id, customer_id, amount_minor, state,
                                        customer_ordinal, customer_limit, redeemed_at)
            VALUES (\(tenant), pg_temp.id(301), pg_temp.id(13), pg_temp.id(101), 480, 'committed', 1, 1, \(start));
        UPDATE coupon_redemptions SET first_order = true WHERE tenant_id = \(tenant);
        INSERT INTO coupon_redemptions (tenant_id, order_id, coupon_id, customer_id, amount_minor, state,
                                        subscription_id, renewal_number, redeemed_at)
            VALUES (\(tenant), pg_temp.id(302), pg_temp.id(13), pg_temp.id(101), 240, 'committed', pg_temp.id(401), 1,
                    \(start) + interval '1 day');
        INSERT INTO coupon_promises (tenant_id, subscription_id, coupon_id, renewals, renewals_left, promised_at)
            VALUES (\(tenant), pg_temp.id(401), pg_temp.id(13), 2, 1, \(start));
        INSERT INTO pending_orders (tenant_id, id, customer_id, dialect, plan_id, plan_version, quantity, repeat_count,
                                    coupon_id, currency, list_minor, discount_minor, total_minor, state, placed_at,
                                    expires_at, closed_at, entry_id) VALUES
            (\(tenant), pg_temp.id(301), pg_temp.id(101), 'gate', pg_temp.id(12), 1, 1, 2, pg_temp.id(13), 'USD', 2400,
             480, 1920, 'settled', \(start), \(start) + interval '1 day', \(start), pg_temp.id(201)),
            (\(tenant), pg_temp.id(305), pg_temp.id(102), 'gate', pg_temp.id(12), 1, 1, 1, NULL, 'USD', 1200, 0, 1200,
             'pending', \(start), \(start) + interval '1 day', NULL, NULL),
            (\(tenant), pg_temp.id(306), pg_temp.id(102), 'gate', pg_temp.id(12), 1, 1, 1, NULL, 'USD', 1200, 0, 1200,
             'expired', \(start), \(start) + interval '1 day', \(start) + interval '1 day', NULL);
        INSERT INTO payments (tenant_id, id, customer_id, provider, way, currency, amount_minor, state, reference,
                              credited_minor, entry_id, opened_at, expires_at, closed_at) VALUES
            (\(tenant), pg_temp.id(901), pg_temp.id(101), 'stripe', 'checkout', 'USD', 10000, 'paid', 'pi_1', 10000,
             pg_temp.id(201), \(start), \(start) + interval '1 day', \(start)),
            (\(tenant), pg_temp.id(902), pg_temp.id(102), 'stripe', 'checkout', 'USD', 500, 'open', NULL, 0, NULL,
             \(start), \(start) + interval '1 day', NULL);
        INSERT INTO allowlist_entries (tenant_id, subscription_id, position, address, label)
            VALUES (\(tenant), pg_temp.id(401), 1, '192.0.2.1', 'home');
        INSERT INTO trial_grants (tenant_id, customer_id, plan_id, order_id, granted_at)
            VALUES (\(tenant), pg_temp.id(102), pg_temp.id(12), pg_temp.id(303), \(start));
        INSERT INTO outbox_events (tenant_id, id, kind, payload, recorded_at)
            VALUES (\(tenant), pg_temp.id(801), 'credentials_changed', '{}', \(start));
        INSERT INTO idempotency_keys (tenant_id, principal_id, key, fingerprint, command_id, status, answer,
                                      recorded_at) VALUES
            (\(tenant), pg_temp.id(101), 'buy', sha256('buy'), pg_temp.id(301), 200, '\\x00', \(start)),
            (\(tenant), pg_temp.id(101), 'change', sha256('change'), pg_temp.id(801), 200, '\\x00', \(start)),
            (\(tenant), pg_temp.id(101), 'too dear', sha256('dear'), pg_temp.id(999), 402, '\\x00', \(start));
        """
    }

    /// Accounts 1 wallet, 2 revenue, 3 outside, 4 float, 5 platform_revenue, 6 platform_outside.
    private static func ledger(_ tenant: Int) -> String {
        """
        INSERT INTO accounts (tenant_id, id, owner_id, role, currency, normal_side, balance_minor, floor_minor,
                              postings_count, created_at) VALUES
            (\(tenant), pg_temp.id(1), pg_temp.id(101), 'wallet', 'USD', 'credit', 7320, 0, 4, \(start)),
            (\(tenant), pg_temp.id(2), pg_temp.id(0), 'revenue', 'USD', 'credit', 2680, NULL, 3, \(start)),
            (\(tenant), pg_temp.id(3), pg_temp.id(0), 'outside', 'USD', 'debit', 10000, NULL, 1, \(start)),
            (\(tenant), pg_temp.id(4), pg_temp.id(0), 'float', 'USD', 'credit', 47900, 0, 3, \(start)),
            (\(tenant), pg_temp.id(5), pg_temp.id(0), 'platform_revenue', 'USD', 'credit', 2100, NULL, 2, \(start)),
            (\(tenant), pg_temp.id(6), pg_temp.id(0), 'platform_outside', 'USD', 'debit', 50000, NULL, 1, \(start));
        INSERT INTO journal_entries (tenant_id, id, reason, order_id, reverses_id, effective_at, recorded_at) VALUES
            (\(tenant), pg_temp.id(201), 'top_up', NULL, NULL, \(start), \(start)),
            (\(tenant), pg_temp.id(202), 'float_top_up', NULL, NULL, \(start), \(start)),
            (\(tenant), pg_temp.id(301), 'purchase', pg_temp.id(301), NULL, \(start), \(start)),
            (\(tenant), pg_temp.id(302), 'renewal', pg_temp.id(302), NULL, \(start), \(start)),
            (\(tenant), pg_temp.id(303), 'trial', pg_temp.id(303), NULL, \(start), \(start)),
            (\(tenant), pg_temp.id(501), 'refund', pg_temp.id(302), pg_temp.id(302), \(start), \(start));
        INSERT INTO transfers (tenant_id, entry_id, line, debit_account_id, credit_account_id, currency, amount_minor,
                               debit_sequence, credit_sequence, debit_balance_after, credit_balance_after)
            SELECT \(tenant), pg_temp.id(entry), line, pg_temp.id(debit), pg_temp.id(credit), 'USD', amount,
                   debit_sequence, credit_sequence, debit_after, credit_after
            FROM (VALUES
                (201, 1, 3, 1, 10000, 1, 1, 10000, 10000),
                (202, 1, 6, 4, 50000, 1, 1, 50000, 50000),
                (301, 1, 1, 2, 1920, 2, 1, 8080, 1920),
                (301, 2, 4, 5, 1400, 2, 1, 48600, 1400),
                (302, 1, 1, 2, 960, 3, 2, 7120, 2880),
                (302, 2, 4, 5, 700, 3, 2, 47900, 2100),
                (501, 1, 2, 1, 200, 3, 4, 2680, 7320)
            ) AS t (entry, line, debit, credit, amount, debit_sequence, credit_sequence, debit_after, credit_after);
        """
    }
}
