internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// Lets an order wait for its money, for a day.
    func place(
        _ purchase: Purchase, in dialect: DialectName, of tenant: TenantID
    ) async throws -> PlacementReceipt {
        try await pool.transaction(tenant: nil) { transaction in
            let outcome = try outcome(
                .placement(Placement(purchase)), of: tenant, in: dialect, SlotStock(), as: nil, transaction)
            guard case .placed(let receipt) = outcome else {
                preconditionFailure("a placement became something else")
            }
            try write(.placement(receipt, by: purchase.customer), of: tenant, transaction)
            return receipt
        }
    }

    /// Hands in money that has arrived for an order.
    ///
    /// - Parameter stock: of what is bought with it; several ports of one login take the installation's key.
    func settle(
        _ id: OrderID, of tenant: String, amount: Money, reference: String, memo: String?, stock: SlotStock
    ) async throws -> SettlementReceipt {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let order = try Self.pendingOrder(id, tenant.id, transaction)
            let receipt = try settle(
                order, amount, reference: reference, memo: memo, stock: stock, transaction)
            try write(.settlement(receipt, reference: reference, memo: memo), of: tenant.id, transaction)
            return receipt
        }
    }

    /// Takes an order back that waits.
    func cancel(_ id: OrderID, of tenant: String, reason: String) async throws -> ClosingReceipt {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let order = try Self.pendingOrder(id, tenant.id, transaction)
            let receipt = try close(order, reason: reason, transaction)
            try write(.closing(receipt, of: order, reason: reason), of: tenant.id, transaction)
            return receipt
        }
    }

    static func pendingOrder(
        _ id: OrderID, _ tenant: TenantID, _ transaction: Transaction
    ) throws -> PendingOrder {
        let found = try PendingOrderStore.orders(
            transaction.query(PendingOrderStore.order(id, of: tenant)))
        // What an order is made of never changes, so it may be read before it is locked.
        guard let order = found.first else { throw Refusal.money(.orderUnknown) }
        return order
    }

    /// Within a transaction: the money lands on the customer's wallet once per reference, and buys the order where that
    /// can be.
    func settle(
        _ order: PendingOrder, _ amount: Money, reference: String, memo: String?, stock: SlotStock,
        as id: CommandID? = nil, _ transaction: Transaction
    ) throws -> SettlementReceipt {
        let settlement = Settlement(
            of: order, amount: amount, reference: reference, memo: memo, actor: actor)
        let outcome = try outcome(
            .settlement(settlement), of: order.tenant, in: order.dialect, by: order.principal, stock, as: id,
            transaction)
        guard case .settled(let receipt) = outcome else {
            preconditionFailure("a settlement became something else")
        }
        return receipt
    }

    /// Within a transaction.
    func close(
        _ order: PendingOrder, reason: String, as id: CommandID? = nil, _ transaction: Transaction
    ) throws -> ClosingReceipt {
        let closing = OrderClosing(
            order.id, of: order.customer, coupon: order.coupon, way: .cancelled(reason: reason))
        let outcome = try outcome(
            .closing(closing), of: order.tenant, in: order.dialect, SlotStock(), as: id, transaction)
        guard case .closed(let receipt) = outcome else {
            preconditionFailure("a closing became something else")
        }
        return receipt
    }

    private func outcome(
        _ command: Command, of tenant: TenantID, in dialect: DialectName, by principal: PrincipalID? = nil,
        _ stock: SlotStock, as id: CommandID?, _ transaction: Transaction
    ) throws -> Outcome {
        var ledger = LedgerWork(seed: seed(), stock: stock)
        let submission = Submission(
            id: id ?? identifiers.next(at: transaction.realNow), tenant: tenant, principal: principal,
            dialect: dialect, command: command)
        switch try ledger.carryOut([submission], on: transaction.connection, at: transaction.realNow)[0] {
        case .success(.done(let outcome)): return outcome
        case .success(.replayed): preconditionFailure("an answer was replayed without a key")
        case .failure(let refusal): throw Refusal.money(refusal)
        }
    }
}

extension AuditNote {
    static func placement(_ receipt: PlacementReceipt, by customer: CustomerID) -> AuditNote {
        AuditNote(
            "placePendingOrder", "pending_order", receipt.order.description, from: nil,
            to: [
                "customer": .string(customer.description), "total": .string(receipt.total.description),
                "discount": .string(receipt.discount.description),
                "expires_at": .string(receipt.expiresAt.rfc3339()),
            ])
    }

    static func settlement(_ receipt: SettlementReceipt, reference: String, memo: String?) -> AuditNote {
        AuditNote(
            "settlePendingOrder", "pending_order", receipt.order.description, from: nil,
            to: receipt.json.adding([
                "reference": .string(reference), "memo": memo.map(JSON.string) ?? .null,
            ]))
    }

    static func closing(_ receipt: ClosingReceipt, of order: PendingOrder, reason: String) -> AuditNote {
        AuditNote(
            "cancelPendingOrder", "pending_order", order.id.description,
            from: ["state": .string(order.state.rawValue)],
            to: ["state": .string(receipt.state.rawValue), "reason": .string(reason)])
    }
}
