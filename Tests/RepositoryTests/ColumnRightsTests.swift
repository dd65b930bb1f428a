import Postgres
import TestSupport
import Testing

/// What each role must not do. PostgreSQL looks at rights before rows, so the tables may be empty.
@Suite("Rights by column", .database)
struct ColumnRightsTests {
    @Test(arguments: [
        // How long a connection lives, and what it was sold with, is money's matter.
        (DatabaseRole.door, "UPDATE allocations SET expires_at = expires_at"),
        (.door, "UPDATE allocations SET released_at = NULL"),
        (.door, "UPDATE allocations SET rotation_choices = '{}'"),
        (.door, "UPDATE slots SET port = 1"),
        (.door, "UPDATE gateways SET host = 'elsewhere.test'"),
        (.door, "UPDATE coupons SET redeemed_count = 0"),
        (.door, "SELECT 1 FROM coupons FOR NO KEY UPDATE"),
        (.door, "UPDATE subscriptions SET active_until = active_until"),
        (.door, "UPDATE subscriptions SET anchored_months = 1"),
        (.worker, "UPDATE subscriptions SET anchored_at = NULL"),
        (.engine, "UPDATE plans SET duration_months = 1"),
        (.door, "UPDATE customer_users SET role = 'admin'"),
        (.door, "UPDATE api_keys SET scopes = '{}'"),
        // The engine sells, and gives the slots of one sale one login; it changes nothing that is for sale or was agreed.
        (.engine, "SELECT 1 FROM customer_users"),
        (.engine, "SELECT 1 FROM api_keys"),
        (.engine, "UPDATE coupons SET percent_bps = 10000"),
        (.engine, "UPDATE coupons SET max_redemptions = NULL"),
        (.engine, "UPDATE slots SET port = 1"),
        (.engine, "INSERT INTO credential_history SELECT * FROM credential_history"),
        (.engine, "UPDATE plans SET network_ids = '{}'"),
        (.engine, "UPDATE gateways SET active = false"),
        (.engine, "UPDATE orders SET total_minor = 0"),
        (.engine, "UPDATE orders SET customer_id = id"),
        (.engine, "UPDATE subscriptions SET customer_id = id"),
        (.engine, "UPDATE coupon_redemptions SET amount_minor = 0"),
        (.engine, "UPDATE coupons SET budget_minor = NULL"),
        (.engine, "UPDATE coupon_promises SET renewals = 9"),
        (.engine, "UPDATE coupon_promises SET coupon_id = subscription_id"),
        (.door, "UPDATE coupon_promises SET renewals_left = 9"),
        (.door, "UPDATE coupons SET discounted_minor = 0"),
        (.worker, "INSERT INTO coupon_promises SELECT * FROM coupon_promises"),
        (.engine, "UPDATE allocations SET slot_id = slot_id"),
        // A paid period is cut once, by the engine; what it cost and how long it was stays.
        (.engine, "UPDATE terms SET ends_at = ends_at"),
        (.engine, "UPDATE terms SET amount_minor = 0"),
        (.engine, "DELETE FROM terms"),
        (.door, "UPDATE terms SET cut_at = NULL"),
        (.worker, "UPDATE terms SET cut_at = NULL"),
        (.job, "UPDATE terms SET cut_at = NULL"),
        (.door, "UPDATE subscriptions SET exit_country = NULL, exit_rotation = NULL, ended_at = NULL"),
        (.engine, "INSERT INTO slots SELECT * FROM slots"),
        // The worker sees no one who signs in, and moves no allocation.
        (.worker, "SELECT 1 FROM customer_users"),
        (.worker, "SELECT 1 FROM api_keys"),
        (.worker, "UPDATE allocations SET expires_at = expires_at"),
        (.worker, "UPDATE allocations SET slot_id = slot_id"),
        (.worker, "UPDATE gateways SET driver = 'other'"),
        (.worker, "UPDATE coupons SET redeemed_count = 0"),
        (.worker, "UPDATE orders SET state = 'refunded'"),
        // What was asked is read by its account and written by the recorder; the worker forgets it.
        (.door, "INSERT INTO request_log SELECT * FROM request_log"),
        (.door, "SELECT make_request_log_day('2026-01-31')"),
        (.door, "SELECT drop_request_log_day('2026-01-31')"),
        (.door, "UPDATE api_keys SET last_used_at = NULL"),
        (.engine, "SELECT 1 FROM request_log"),
        (.worker, "SELECT 1 FROM request_log"),
        (.recorder, "SELECT 1 FROM request_log"),
        (.recorder, "INSERT INTO request_log SELECT * FROM request_log"),
        (.recorder, "SELECT drop_request_log_day('2026-01-31')"),
        (.recorder, "SELECT hash FROM api_keys"),
        (.recorder, "UPDATE api_keys SET revoked_at = NULL"),
        (.recorder, "SELECT 1 FROM customers"),
        // A job says when to try again and that something is over; money it leaves to the engine.
        (.job, "UPDATE subscriptions SET active_until = active_until"),
        (.job, "UPDATE subscriptions SET next_period = next_period"),
        (.job, "UPDATE subscriptions SET auto_renewals = 0"),
        (.job, "SELECT 1 FROM accounts"),
        (.job, "INSERT INTO journal_entries SELECT * FROM journal_entries"),
        (.job, "SELECT 1 FROM customers"),
        (.job, "SELECT 1 FROM api_keys"),
        (.door, "UPDATE subscriptions SET renews_at = NULL"),
        (.door, "UPDATE stock_levels SET level = 'enough'"),
        // Only the engine lets an order wait, and says what became of it; what it is made of nobody changes.
        (.door, "UPDATE pending_orders SET state = 'settled'"),
        (.job, "UPDATE pending_orders SET state = 'expired'"),
        (.engine, "UPDATE pending_orders SET total_minor = 1"),
        (.engine, "UPDATE pending_orders SET expires_at = expires_at"),
        (.job, "SELECT 1 FROM stock_levels"),
        (.worker, "UPDATE networks SET low_stock = 0"),
        (.door, "SELECT 1 FROM job_runs"),
        // Who works with the books is the admin API's alone; what was done is written down once, and nobody goes away.
        (.door, "SELECT 1 FROM staff"),
        (.engine, "SELECT 1 FROM staff"),
        (.worker, "SELECT 1 FROM admin_keys"),
        (.job, "SELECT 1 FROM audit_log"),
        (.recorder, "SELECT 1 FROM staff"),
        (.admin, "UPDATE audit_log SET actor_name = 'nobody'"),
        (.admin, "DELETE FROM audit_log"),
        (.admin, "DELETE FROM staff"),
        (.admin, "DELETE FROM admin_keys"),
        (.admin, "UPDATE staff SET email = 'other'"),
        (.admin, "UPDATE admin_keys SET role = 'owner'"),
        (.admin, "UPDATE admin_keys SET hash = hash"),
        (.admin, "UPDATE idempotency_keys SET status = 200"),
        (.admin, "DELETE FROM idempotency_keys"),
        (.admin, "SELECT 1 FROM customer_users"),
        (.admin, "SELECT 1 FROM slots"),
        (.admin, "INSERT INTO journal_entries SELECT * FROM journal_entries"),
        (.engine, "UPDATE subscriptions SET parked_at = NULL"),
        (.engine, "SELECT 1 FROM renewal_attempts"),
        (.worker, "UPDATE subscriptions SET active_until = active_until"),
        (.worker, "SELECT 1 FROM job_runs"),
        (.door, "SELECT 1 FROM rate_counts"),
        (.door, "SELECT 1 FROM server_processes"),
        (.worker, "SELECT 1 FROM rate_counts"),
        // People change how they sign in and what is their customer's; not what they may, and nothing that costs.
        (.account, "UPDATE customer_users SET role = 'admin'"),
        (.account, "UPDATE customer_users SET active = true"),
        (.account, "UPDATE customer_users SET email = email"),
        (.account, "UPDATE api_keys SET trials = true"),
        (.account, "UPDATE api_keys SET scopes = '{}'"),
        (.account, "DELETE FROM api_keys"),
        (.account, "UPDATE customers SET active = true"),
        (.account, "UPDATE subscriptions SET active_until = active_until"),
        (.account, "UPDATE subscriptions SET plan_id = plan_id"),
        (.account, "UPDATE customer_recovery_codes SET digest = digest"),
        (.account, "UPDATE accounts SET balance_minor = 0"),
        (.account, "INSERT INTO journal_entries SELECT * FROM journal_entries"),
        (.account, "SELECT 1 FROM slots"),
        (.door, "SELECT 1 FROM customer_recovery_codes"),
        (.door, "UPDATE customer_users SET password_hash = ''"),
        (.door, "INSERT INTO api_keys SELECT * FROM api_keys"),
        (.door, "UPDATE subscriptions SET user_note = NULL"),
        // Whose sandbox a tenant is, and what time it has, is an operator's matter.
        (.door, "UPDATE tenants SET clock_ahead_ms = clock_ahead_ms"),
        (.engine, "UPDATE tenants SET clock_ahead_ms = clock_ahead_ms"),
        (.worker, "UPDATE tenants SET sandbox_of = NULL"),
        (.engine, "INSERT INTO clock_moves SELECT * FROM clock_moves"),
    ])
    func `a role is refused what is not its part`(role: DatabaseRole, statement: String) async throws {
        try await withDatabase { database in
            let error = await #expect(throws: PostgresError.self) {
                try await database.pool(role, threads: 1).run { try $0.execute(statement) }
            }
            #expect(error?.sqlState == .insufficientPrivilege, "\(role): \(statement)")
        }
    }

    @Test(arguments: [
        (DatabaseRole.door, "SELECT 1 FROM customer_users, api_keys"),
        (.door, "UPDATE allocations SET slot_id = slot_id, rotates_at = NULL"),
        (.door, "SELECT 1 FROM slots FOR UPDATE SKIP LOCKED"),
        (.door, "SELECT 1 FROM gateways FOR NO KEY UPDATE"),
        (.engine, "SELECT 1 FROM coupons FOR NO KEY UPDATE"),
        (.engine, "SELECT 1 FROM coupon_promises FOR NO KEY UPDATE"),
        (.engine, "SELECT 1 FROM allocations FOR UPDATE"),
        (.engine, "SELECT 1 FROM orders FOR NO KEY UPDATE"),
        (.worker, "SELECT 1 FROM allocations FOR UPDATE SKIP LOCKED"),
        (.worker, "UPDATE gateways SET desired_version = desired_version + 1"),
        (.door, "SELECT 1 FROM request_log"),
        (.recorder, "SELECT make_request_log_day('2026-01-31')"),
        (.recorder, "UPDATE api_keys SET last_used_at = NULL WHERE tenant_id = 1"),
        (.worker, "SELECT drop_request_log_day('2026-01-31')"),
        (.worker, "UPDATE subscriptions SET ended_at = NULL, renews_at = NULL"),
        (.job, "SELECT 1 FROM subscriptions FOR NO KEY UPDATE"),
        (.job, "DELETE FROM outbox_events"),
        (.job, "DELETE FROM renewal_attempts"),
        (.worker, "SELECT 1 FROM stock_levels FOR UPDATE"),
        (.account, "SELECT 1 FROM customer_users FOR NO KEY UPDATE"),
        (.account, "UPDATE customer_users SET password_hash = '', session_version = 1, totp_secret = NULL"),
        (.account, "UPDATE api_keys SET revoked_at = NULL"),
        (
            .account,
            "UPDATE subscriptions SET user_note = NULL, renews_at = NULL, parked_at = NULL, parked_reason = NULL"
        ),
        (.account, "DELETE FROM customer_recovery_codes"),
        (.door, "SELECT 1 FROM pending_orders"),
        (.job, "SELECT 1 FROM pending_orders"),
        (.engine, "SELECT 1 FROM pending_orders FOR NO KEY UPDATE"),
        (.engine, "UPDATE subscriptions SET renews_at = NULL, auto_renewals = 0"),
        (.engine, "UPDATE terms SET cut_at = NULL, cut_recorded_at = NULL"),
        (.engine, "UPDATE subscriptions SET exit_country = NULL, exit_rotation = NULL"),
        (.engine, "UPDATE allocations SET rotation_choices = '{}', rotation_minutes = 0, rotates_at = NULL"),
    ])
    func `and may do what is`(role: DatabaseRole, statement: String) async throws {
        try await withDatabase { database in
            try await database.pool(role, threads: 1).run { try $0.execute(statement) }
        }
    }
}
