import Billing
import Primitives

@testable import Server

extension PaymentDesk {
    /// Pays a payment back as an operator's command and the admin API do: set aside first, through an engine, then paid by the
    /// desk.
    @discardableResult
    func refund(
        _ amount: Money? = nil, of id: PaymentID, of tenant: TenantID, reason: String, actor: String
    ) async throws -> PaymentReversal {
        let payment = try await required(id, of: tenant)
        guard payment.state == .paid else { throw PaymentRefusal.notPaid }
        let reversal: PaymentReversalID = ids.next(at: clock.now())
        _ = try await take(.holdRefund(reversal, amount), of: payment, memo: reason, actor: actor)
        try step(.rowWritten)
        return try await pay(reversal, of: tenant)
    }
}
