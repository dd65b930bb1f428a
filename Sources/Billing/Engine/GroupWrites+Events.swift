internal import Primitives

extension GroupWrites.Event {
    static func bought(
        _ receipt: PurchaseReceipt, customer: CustomerID, isTrial: Bool, _ tenant: TenantID,
        _ command: CommandID
    ) -> Self {
        let subscriptions = receipt.subscriptions.map { "\"\($0.id)\"" }.joined(separator: ",")
        return Self(
            tenant: tenant, id: command, kind: isTrial ? "trial.started" : "order.purchased",
            customer: customer,
            payload: """
                {"order":"\(receipt.order)","plan":"\(receipt.plan.id)","total_minor":\(receipt.total.minor),\
                "currency":"\(receipt.total.currency)","subscriptions":[\(subscriptions)]}
                """)
    }

    static func renewed(
        _ receipt: RenewalReceipt, customer: CustomerID, _ tenant: TenantID, _ command: CommandID
    ) -> Self {
        let promise = receipt.promise.map { ",\"promised_discount\":\"\($0.rawValue)\"" } ?? ""
        return Self(
            tenant: tenant, id: command, kind: "order.renewed", customer: customer,
            payload: """
                {"order":"\(receipt.order)","subscription":"\(receipt.subscription)",\
                "total_minor":\(receipt.total.minor),"discount_minor":\(receipt.discount.minor)\(promise),\
                "currency":"\(receipt.total.currency)","active_until_ms":\(receipt.activeUntil.milliseconds)}
                """)
    }

    static func cancelled(
        _ receipt: CancellationReceipt, customer: CustomerID, _ tenant: TenantID, _ command: CommandID
    ) -> Self {
        Self(
            tenant: tenant, id: command, kind: "subscription.cancelled", customer: customer,
            payload: """
                {"subscription":"\(receipt.subscription)","way":"\(receipt.way.rawValue)",\
                "ends_at_ms":\(receipt.activeUntil.milliseconds),"refund_minor":\(receipt.refund.minor),\
                "currency":"\(receipt.refund.currency)","refunds":\(list(receipt.refunds))}
                """)
    }

    static func changed(
        _ receipt: PlanChangeReceipt, customer: CustomerID, _ tenant: TenantID, _ command: CommandID
    ) -> Self {
        Self(
            tenant: tenant, id: command, kind: "subscription.plan_changed", customer: customer,
            payload: """
                {"order":"\(receipt.order)","subscription":"\(receipt.subscription)","plan":"\(receipt.plan.id)",\
                "charge_minor":\(receipt.charge.minor),"credit_minor":\(receipt.credit.minor),\
                "net_minor":\(receipt.net.minor),"currency":"\(receipt.net.currency)",\
                "active_until_ms":\(receipt.period.end.milliseconds),"refunds":\(list(receipt.credits))}
                """)
    }

    /// What went back of each order, as JSON.
    private static func list(_ reversals: [OrderReversal]) -> String {
        let objects = reversals.map {
            "{\"order\":\"\($0.order)\",\"entry\":\"\($0.entry)\",\"amount_minor\":\($0.amount.minor)}"
        }
        return "[\(objects.joined(separator: ","))]"
    }

    static func moved(
        _ kind: String, _ receipt: MovementReceipt, customer: CustomerID?, order: OrderID?,
        _ tenant: TenantID,
        _ command: CommandID
    ) -> Self {
        let cause = order.map { ",\"order\":\"\($0)\"" } ?? ""
        return Self(
            tenant: tenant, id: command, kind: kind, customer: customer,
            payload: """
                {"entry":"\(receipt.entry)","amount_minor":\(receipt.amount.minor),\
                "currency":"\(receipt.amount.currency)","balance_minor":\(receipt.balance.minor)\(cause)}
                """)
    }

    static func placed(
        _ receipt: PlacementReceipt, customer: CustomerID, _ tenant: TenantID, _ command: CommandID
    ) -> Self {
        Self(
            tenant: tenant, id: command, kind: "order.pending", customer: customer,
            payload: """
                {"order":"\(receipt.order)","plan":"\(receipt.plan.id)","total_minor":\(receipt.total.minor),\
                "discount_minor":\(receipt.discount.minor),"currency":"\(receipt.total.currency)",\
                "expires_at_ms":\(receipt.expiresAt.milliseconds)}
                """)
    }

    /// An order that was not paid for: it expired, or somebody took it back.
    static func closed(
        _ order: PendingRow, _ change: GroupWrites.PendingChange, _ tenant: TenantID, _ event: CommandID
    ) -> Self {
        var payload = JSONObject()
        payload["order"] = .string(order.id.description)
        payload["total_minor"] = .integer(order.total.minor)
        payload["currency"] = .string(order.total.currency.code)
        payload["expires_at_ms"] = .integer(order.expiresAt.milliseconds)
        // Of a cancelled one, an operator's own words.
        if let reason = change.reason { payload["reason"] = .string(reason) }
        return Self(
            tenant: tenant, id: event, kind: "order.\(change.state.rawValue)", customer: order.customer,
            payload: String(decoding: JSON.object(payload).encoded(), as: UTF8.self))
    }

    /// Money that came for an order and stays on the wallet.
    static func unbought(
        _ kind: String, _ order: PendingRow, _ movement: MovementReceipt, _ reason: String,
        _ tenant: TenantID, _ event: CommandID
    ) -> Self {
        Self(
            tenant: tenant, id: event, kind: kind, customer: order.customer,
            payload: """
                {"order":"\(order.id)","entry":"\(movement.entry)","amount_minor":\(movement.amount.minor),\
                "total_minor":\(order.total.minor),"currency":"\(movement.amount.currency)","reason":"\(reason)"}
                """)
    }
}
