internal import Billing
internal import Catalog
internal import Primitives

extension AdminAPI {
    static let orderEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "listOrders", method: .get, place: .tenant, path: "/orders",
            permission: .lookingAtCustomers, tag: "orders", summary: "The tenant's orders, newest first",
            query: ["Limit", "Cursor", "Customer", "OrderState", "OrderKind", "From", "To"],
            answer: "OrderList", handler: .admitted(AdminAPI.listOrders)),
        AdminEndpoint(
            name: "getOrder", method: .get, place: .tenant, path: "/orders/{id}",
            permission: .lookingAtCustomers, tag: "orders",
            summary: "One order, with what it made and its entries in the journal", answer: "OrderDetails",
            isTagged: true, handler: .admitted(AdminAPI.getOrder)),
        AdminEndpoint(
            name: "previewRefund", method: .get, place: .tenant, path: "/orders/{id}/refund-preview",
            permission: .movingMoney, tag: "orders", summary: "What a refund would come to; nothing moves",
            query: ["Amount", "KeepsService", "RefundReason"], answer: "RefundPreview",
            problems: refundProblems, handler: .admitted(AdminAPI.previewRefund)),
        AdminEndpoint(
            name: "refundOrder", method: .post, place: .tenant, path: "/orders/{id}/refund",
            permission: .movingMoney, tag: "orders",
            summary: "Give an order's money back to the balance; a whole refund takes back the time as well",
            body: "Refund", answer: "RefundAnswer", problems: refundProblems,
            handler: .admitted(AdminAPI.refundOrder)),
    ]

    private static let refundProblems =
        AdminProblem.ofMoney + [.refundExceedsPayment, .serviceNotReturnable]

    func listOrders(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "customer", "state", "kind", "from", "to")
        var filter = OrderFilter()
        filter.customer = try query.id("customer", of: CustomerSubject.self)?.description
        (filter.state, filter.kind) = (try query.word("state"), try query.word("kind"))
        (filter.from, filter.to) = (try query.instant("from"), try query.instant("to"))
        (filter.before, filter.limit) = (try query.cursor(), try query.limit())
        let page = try await books.orders(of: call.namedTenant.slug, filter)
        return .json(page.json(\.description, \.json))
    }

    func getOrder(_ call: AdminCall) async throws -> AdminAnswer {
        .json(try await books.order(call.id(), of: call.namedTenant.slug).json)
    }

    func previewRefund(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(paging: false, call, "amount", "keeps_service", "reason")
        let request = OperatorWork.RefundRequest(
            amount: try query.amount("amount"), keepsService: try query.flag("keeps_service") ?? false,
            reason: try query.word("reason") ?? .requested)
        let id: OrderID = try call.id()
        return try await foresee(call, as: RefundAnswer.self) { work, tenant, transaction in
            try work.hand(id, tenant, request, transaction)
        }
    }

    func refundOrder(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "amount", "keeps_service", "reason", "as_of", "memo")
        let request = OperatorWork.RefundRequest(
            amount: try fields.amount("amount"), keepsService: try fields.flag("keeps_service") ?? false,
            reason: try fields.word("reason") ?? .requested, asOf: try fields.instant("as_of"),
            memo: try fields.sentence("memo"))
        let id: OrderID = try call.id()
        return try await carryOut(call, fields, on: ("order", id.description), as: RefundAnswer.self) {
            work, tenant, transaction in
            try work.hand(id, tenant, request, transaction)
        }
    }
}
