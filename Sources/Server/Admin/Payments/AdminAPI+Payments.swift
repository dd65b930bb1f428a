internal import Billing
internal import Catalog
internal import Primitives

extension AdminAPI {
    static let paymentEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "listPayments", method: .get, place: .tenant, path: "/payments",
            permission: .lookingAtCustomers, tag: "payments",
            summary: "What a payment provider collects for wallets, newest first",
            query: ["Limit", "Cursor", "Customer", "PaymentState", "OpenedSince"], answer: "PaymentList",
            handler: .admitted(AdminAPI.listPayments)),
        AdminEndpoint(
            name: "getPayment", method: .get, place: .tenant, path: "/payments/{id}",
            permission: .lookingAtCustomers, tag: "payments",
            summary: "One payment, with what goes back of it or went", answer: "PaymentDetails",
            isTagged: true, handler: .admitted(AdminAPI.getPayment)),
        AdminEndpoint(
            name: "openPayment", method: .post, place: .tenant, path: "/payments",
            permission: .askingForMoney, tag: "payments",
            summary:
                "Make a page where a customer pays; repeated under its key it shows the payment as it is by now",
            body: "NewPayment", status: .created, answer: "Payment",
            problems: [.paymentsNotOffered, .paymentDeclined, .customerClosed],
            handler: .admitted(AdminAPI.openPayment)),
        AdminEndpoint(
            name: "refundPayment", method: .post, place: .tenant, path: "/payments/{id}/refund",
            permission: .movingMoney, tag: "payments",
            summary:
                "Pay a payment back, or a part of it: set aside off the wallet first, and then the provider is asked",
            body: "PaymentRefund", answer: "PaymentReversal",
            problems: [
                .paymentsNotOffered, .paymentDeclined, .paymentNotPaid, .refundExceedsPayment,
                .insufficientBalance,
            ],
            handler: .admitted(AdminAPI.refundPayment)),
    ]

    func listPayments(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "customer", "state", "since")
        let page = try await payments().payments(
            of: call.owner, customer: try query.id("customer"), state: try query.word("state"),
            since: try query.instant("since"), before: try query.cursor(), limit: try query.limit())
        return .json(page.json(\.description, \.json))
    }

    func getPayment(_ call: AdminCall) async throws -> AdminAnswer {
        guard let (payment, reversals) = try await payments().payment(call.id(), of: call.owner) else {
            throw AdminProblem(.notFound)
        }
        return .json(["payment": payment.json, "reversals": .array(reversals.map(\.json))])
    }
}

extension AdminProblem {
    /// What the payment desk says no to, in words of this API.
    init(_ refusal: PaymentRefusal) {
        switch refusal {
        case .providerMissing: self.init(Code.paymentsNotOffered)
        case .amountNotPayable(let amount, let why):
            self.init(Code.invalidField, "\(amount) cannot be collected: \(why).", field: "amount")
        case .declined(let code, let message):
            self.init(Code.paymentDeclined, "The payment provider said no (\(code): \(message)).")
        case .customerUnknown:
            self.init(Code.invalidField, "The tenant has no such customer.", field: "customer")
        case .customerInactive: self.init(Code.customerClosed)
        case .paymentUnknown: self.init(Code.notFound)
        case .notPaid: self.init(Code.paymentNotPaid)
        case .methodMissing: self.init(Code.conflict)
        case .money(let refusal): self.init(refusal)
        }
    }
}
