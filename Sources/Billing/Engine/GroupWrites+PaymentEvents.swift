internal import Primitives

extension GroupWrites.Event {
    /// A step of a payment was taken; what went beyond the payment is said with it.
    static func paid(_ step: PaymentStep, _ receipt: PaymentReceipt, _ event: CommandID) -> Self {
        var payload = object(step)
        payload["amount_minor"] = .integer(receipt.amount.minor)
        payload["balance_minor"] = .integer(receipt.balance.minor)
        if receipt.owed.isPositive { payload["owed_minor"] = .integer(receipt.owed.minor) }
        if receipt.excess.isPositive { payload["excess_minor"] = .integer(receipt.excess.minor) }
        if let reversal = receipt.reversal { payload["reversal"] = .string(reversal.description) }
        if case .refundFailed(_, let reason) = step.movement.step { payload["reason"] = .string(reason) }
        return made(step, step.kind, payload, event)
    }

    /// More or less was paid than was asked for; the wallet has what was paid.
    static func differs(_ step: PaymentStep, _ event: CommandID) -> Self {
        var payload = object(step)
        payload["amount_minor"] = .integer(step.row.credited)
        payload["asked_minor"] = .integer(step.row.asked.minor)
        return made(step, "payment.amount_differs", payload, event)
    }

    private static func object(_ step: PaymentStep) -> JSONObject {
        var payload = JSONObject()
        payload["payment"] = .string(step.row.id.description)
        payload["currency"] = .string(step.currency.code)
        return payload
    }

    private static func made(
        _ step: PaymentStep, _ kind: String, _ payload: JSONObject, _ event: CommandID
    ) -> Self {
        Self(
            tenant: step.tenant, id: event, kind: kind, customer: step.movement.customer,
            payload: String(decoding: JSON.object(payload).encoded(), as: UTF8.self))
    }
}
