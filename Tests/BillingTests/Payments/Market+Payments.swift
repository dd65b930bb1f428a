import Billing
import Catalog
import Logging
import Postgres
import Primitives
import TestSupport

@testable import Server

extension Market {
    /// Whoever takes payments, with this engine and this provider.
    func payments(
        _ engine: Engine, _ provider: FakeProvider, takes: Bool = true,
        onStep: @escaping @Sendable (PaymentDeskStep) throws -> Void = { _ in }
    ) -> PaymentDesk {
        PaymentDesk(
            engine: engine, pool: database.pool(.door, threads: 2),
            providers: PaymentProviders { _ in takes ? provider : nil }, ids: ids, clock: clock,
            logger: .quiet, onStep: onStep)
    }

    /// A payment of Ann's that was opened and has a page.
    func open(
        _ minor: Int64, in shop: Shop, by customer: CustomerID? = nil, saving: Bool = false,
        at desk: PaymentDesk
    ) async throws -> Payment {
        try await desk.open(
            shop.money(minor), for: customer ?? shop.ann, of: shop.tenant, savesMethod: saving, actor: "ann")
    }

    /// A payment of Ann's that has come.
    func paid(
        _ minor: Int64, in shop: Shop, saving: Bool = false, at desk: PaymentDesk, _ provider: FakeProvider
    ) async throws -> Payment {
        let payment = try await open(minor, in: shop, saving: saving, at: desk)
        provider.pay(payment.session ?? "")
        try await desk.take(paidMessage(payment), from: provider, of: shop.tenant)
        return try await desk.required(payment.id, of: shop.tenant)
    }

    /// What the provider says when a page was paid.
    func paidMessage(
        _ payment: Payment, _ amount: Money? = nil, named name: String = "evt_1", session: String? = nil,
        knowing: Bool = true
    ) -> ProviderMessage {
        ProviderMessage(
            name: "\(name)_\(payment.id.bits.hexString)", kind: "page.paid",
            content: .page(
                PageStanding(
                    session: session ?? payment.session ?? "", state: .paid(amount ?? payment.amount),
                    reference: FakeProvider.reference(payment.id),
                    names: knowing ? OurNames(payment: payment.id, customer: payment.customer) : OurNames())))
    }

    func disputeMessage(
        _ payment: Payment, _ minor: Int64, _ state: ProviderDispute.State, named name: String = "dp_1",
        event: String = "evt_dp"
    ) -> ProviderMessage {
        ProviderMessage(
            name: "\(event)_\(name)_\(state)", kind: "dispute",
            content: .dispute(
                ProviderDispute(
                    reference: name, payment: FakeProvider.reference(payment.id),
                    amount: Money(minor: minor, currency: payment.amount.currency), state: state)))
    }

    /// What a customer owes; nothing where no account was ever needed.
    func debt(of customer: CustomerID, in shop: Shop) async throws -> Int64 {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT coalesce(sum(balance_minor), 0)::bigint FROM accounts
                WHERE tenant_id = \(shop.tenant) AND owner_id = \(customer) AND role = 'receivable'
                """)[0].get(0)
        }
    }

    /// What is set aside for refunds in a tenant.
    func setAside(in shop: Shop) async throws -> Int64 {
        try await database.owner.run { connection in
            try connection.query(
                """
                SELECT coalesce(sum(balance_minor), 0)::bigint FROM accounts
                WHERE tenant_id = \(shop.tenant) AND role = 'refunds_due'
                """)[0].get(0)
        }
    }

    func rounds(
        _ desk: PaymentDesk, batch: Int = 64,
        onStep: @escaping @Sendable (PaymentRoundStep) throws -> Void = { _ in }
    ) -> PaymentRounds {
        PaymentRounds(
            desk: desk, pool: database.pool(.job, threads: 1), clock: clock, batch: batch, logger: .quiet,
            onStep: onStep)
    }

    func filling(
        _ desk: PaymentDesk, batch: Int = 64,
        onStep: @escaping @Sendable (PaymentRoundStep) throws -> Void = { _ in }
    ) -> AutoTopUps {
        AutoTopUps(
            desk: desk, pool: database.pool(.job, threads: 1), clock: clock, batch: batch, logger: .quiet,
            onStep: onStep)
    }

    /// Both shops take payments: the jobs look for the row, whatever is in it.
    func connectProviders() async throws {
        let (now, shops) = (now, [alba, brio])
        try await database.owner.run { connection in
            for shop in shops {
                _ = try connection.query(
                    """
                    INSERT INTO payment_providers (tenant_id, provider, base_url, secret, webhook_secrets, success_url,
                        cancel_url, changed_at, changed_by)
                    VALUES (\(shop.tenant), 'stripe', 'http://localhost', '', '', 'https://a.test', 'https://a.test', \(now),
                        'test')
                    """)
            }
        }
    }
}
