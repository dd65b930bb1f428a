internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension AdminAPI {
    static let balanceEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "getBalance", method: .get, place: .tenant, path: "/customers/{id}/balance",
            permission: .lookingAtCustomers, tag: "balances",
            summary: "What is on a customer's wallet, and what they may spend", answer: "Balance",
            handler: .admitted(AdminAPI.getBalance)),
        AdminEndpoint(
            name: "listStatement", method: .get, place: .tenant, path: "/customers/{id}/statement",
            permission: .lookingAtCustomers, tag: "balances",
            summary: "A customer's statement, newest first: what each event did to the wallet",
            query: ["Limit", "Cursor"], answer: "Statement", handler: .admitted(AdminAPI.listStatement)),
        AdminEndpoint(
            name: "creditCustomer", method: .post, place: .tenant, path: "/customers/{id}/credits",
            permission: .movingMoney, tag: "balances",
            summary: "Put money that has arrived on a wallet, or grant some; once per reference",
            body: "Credit", status: .created, answer: "Movement",
            problems: [.referenceUsed, .amountTooLarge, .customerClosed],
            handler: .admitted(AdminAPI.creditCustomer)),
        AdminEndpoint(
            name: "debitCustomer", method: .post, place: .tenant, path: "/customers/{id}/debits",
            permission: .movingMoney, tag: "balances",
            summary: "Take from a wallet, not below the credit limit; once per reference", body: "Debit",
            status: .created, answer: "Movement",
            problems: [.referenceUsed, .amountTooLarge, .customerClosed, .insufficientBalance],
            handler: .admitted(AdminAPI.debitCustomer)),
        AdminEndpoint(
            name: "getCreditLimit", method: .get, place: .tenant, path: "/customers/{id}/credit-limit",
            permission: .lookingAtCustomers, tag: "balances", summary: "How far below zero a wallet may go",
            answer: "CreditLimit", isTagged: true, handler: .admitted(AdminAPI.getCreditLimit)),
        AdminEndpoint(
            name: "updateCreditLimit", method: .patch, place: .tenant, path: "/customers/{id}/credit-limit",
            permission: .movingMoney, tag: "balances",
            summary: "Change how far below zero a wallet may go; never above where it is",
            body: "CreditLimit", answer: "CreditLimit", isTagged: true, isConditional: true,
            problems: [.balanceBelowLimit], handler: .admitted(AdminAPI.updateCreditLimit)),
    ]

    /// Whether a credit is somebody's money or a present.
    enum CreditKind: String, CaseIterable, Sendable {
        /// It has arrived from outside: a transfer, cash.
        case payment
        /// The tenant grants it, at its own cost.
        case grant
    }

    func getBalance(_ call: AdminCall) async throws -> AdminAnswer { .json(try await wallet(call).json) }

    func getCreditLimit(_ call: AdminCall) async throws -> AdminAnswer {
        .json(try await wallet(call).limitJSON)
    }

    private func wallet(_ call: AdminCall) async throws -> AdminWallet {
        let wallet = try await pool.read(
            tenant: call.owner, AdminCustomerStore.wallet(of: call.id(), call.owner),
            AdminCustomerStore.wallet)
        guard let wallet else { throw AdminProblem(.notFound) }
        return wallet
    }

    func listStatement(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call)
        let limit = try query.limit()
        let place = try query.cursor()
        let before = place.flatMap { Int64($0) }
        guard (place == nil) == (before == nil) else {
            throw AdminProblem.invalidQuery("cursor", "a next_cursor of this list")
        }
        let id: CustomerID = try call.id()
        let page = try await books.statement(
            of: id.description, of: call.namedTenant.slug, before: before, limit: limit)
        return .json(page.json(\.description, \.json))
    }

    func creditCustomer(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "amount", "reference", "reason", "kind")
        let kind = try fields.word("kind", of: CreditKind.self) ?? .payment
        return try await move(call, fields) { customer, amount, reference, reason, actor in
            switch kind {
            case .payment:
                .topUp(
                    TopUp(
                        customer: customer, amount: amount, reference: reference, memo: reason, actor: actor))
            case .grant:
                .adjustment(
                    Adjustment(
                        customer: customer, amount: amount, reference: reference, memo: reason, actor: actor))
            }
        }
    }

    func debitCustomer(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "amount", "reference", "reason")
        return try await move(call, fields) { customer, amount, reference, reason, actor in
            .adjustment(
                Adjustment(
                    customer: customer, amount: Money(minor: -amount.minor, currency: amount.currency),
                    reference: reference, memo: reason, actor: actor))
        }
    }

    private func move(
        _ call: AdminCall, _ fields: AdminFields,
        _ command:
            @escaping @Sendable (
                _ customer: CustomerID, _ amount: Money, _ reference: String, _ reason: String,
                _ actor: String
            ) -> Command
    ) async throws -> AdminAnswer {
        let amount = try fields.required("amount", fields.amount("amount"))
        let reference = try fields.required("reference", fields.reference("reference"))
        let reason = try fields.required("reason", fields.sentence("reason"))
        let id: CustomerID = try call.id()
        return try await carryOut(
            call, fields, on: ("customer", id.description), as: MovementAnswer.self
        ) { work, tenant, transaction in
            let customer = try Self.customer(id, tenant.id, transaction)
            let money = try OperatorWork.money(amount, in: customer.currency)
            return CommandByHand(
                tenant: tenant.id, command: command(id, money, reference, reason, work.actor), key: nil,
                fingerprint: [])
        }
    }

    func updateCreditLimit(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "credit_limit")
        let text = try fields.required("credit_limit", fields.amount("credit_limit", isSigned: true))
        let (id, owner): (CustomerID, TenantID) = (try call.id(), call.owner)
        return try await changes.run(call, on: owner, fields.body) { transaction, _ in
            let customer = try Self.customer(id, owner, transaction)
            let limit = text.money(in: customer.currency)
            guard let limit, limit.currency == customer.currency, limit.minor >= 0 else {
                throw AdminProblem.invalid(
                    "credit_limit", "an amount of \(customer.currency), not below zero")
            }
            // From here on no group of the engine's moves the wallet before we are done.
            let rows = try transaction.query(AdminCustomerStore.lockedWallet(of: customer, owner))
            guard let row = rows.first else { throw AdminProblem(.notFound) }
            let before = try AdminCustomerStore.wallet(row, customer.currency)
            try call.requireMatch(before.limitJSON)
            guard before.balance.minor >= -limit.minor else { throw AdminProblem(.balanceBelowLimit) }
            let after = AdminWallet(balance: before.balance, creditLimit: limit, owed: before.owed)
            guard after != before else { return (before.limitJSON, nil) }
            _ = try transaction.query(AdminCustomerStore.setLimit(limit, of: customer, owner))
            let note = AuditNote(
                call.endpoint.name, "customer", id.description, from: before.limitJSON, to: after.limitJSON)
            return (after.limitJSON, note)
        }
    }
}
