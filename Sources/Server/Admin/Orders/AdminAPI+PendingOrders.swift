internal import Billing
internal import Catalog
internal import Primitives

extension AdminAPI {
    static let pendingOrderEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "listPendingOrders", method: .get, place: .tenant, path: "/pending-orders",
            permission: .lookingAtCustomers, tag: "pending orders",
            summary: "Orders that wait for money from outside, or have, newest first",
            query: ["Limit", "Cursor", "Customer", "PendingOrderState"], answer: "PendingOrderList",
            handler: .admitted(AdminAPI.listPendingOrders)),
        AdminEndpoint(
            name: "getPendingOrder", method: .get, place: .tenant, path: "/pending-orders/{id}",
            permission: .lookingAtCustomers, tag: "pending orders",
            summary: "One order that waits for money, or has", answer: "PendingOrder", isTagged: true,
            handler: .admitted(AdminAPI.getPendingOrder)),
        AdminEndpoint(
            name: "settlePendingOrder", method: .post, place: .tenant, path: "/pending-orders/{id}/settle",
            permission: .movingMoney, tag: "pending orders",
            summary:
                "Hand in money that has arrived: it lands on the wallet, once per reference, and buys the order if it can",
            body: "Settlement", answer: "SettlementAnswer", problems: [.referenceUsed, .amountTooLarge],
            handler: .admitted(AdminAPI.settlePendingOrder)),
        AdminEndpoint(
            name: "cancelPendingOrder", method: .post, place: .tenant, path: "/pending-orders/{id}/cancel",
            permission: .askingForMoney, tag: "pending orders",
            summary: "Take an order back that waits; its coupon's use is free again",
            body: "PendingCancellation", answer: "PendingOrderEnd",
            handler: .admitted(AdminAPI.cancelPendingOrder)),
    ]

    func listPendingOrders(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(call, "customer", "state")
        let limit = try query.limit()
        let rows = try await reading.read(
            tenant: call.owner,
            PendingOrderStore.orders(
                of: call.owner, customer: try query.id("customer"), state: try query.word("state"),
                before: try query.cursor(), limit: limit + 1),
            PendingOrderStore.orders)
        return .json(Page(readingOneMore: rows, limit: limit, cursor: \.id).json(\.description, \.json))
    }

    func getPendingOrder(_ call: AdminCall) async throws -> AdminAnswer {
        let found = try await reading.read(
            tenant: call.owner, PendingOrderStore.order(call.id(), of: call.owner), PendingOrderStore.orders)
        guard let order = found.first else { throw AdminProblem(.notFound) }
        return .json(order.json)
    }

    func settlePendingOrder(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "amount", "reference", "memo")
        let text = try fields.required("amount", fields.amount("amount"))
        let reference = try fields.required("reference", fields.reference("reference"))
        let memo = try fields.required("memo", fields.sentence("memo"))
        let id: OrderID = try call.id()
        let (work, owner, stock) = (work(call), call.owner, stock)
        return try await changes.run(call, on: owner, fields.body) { transaction, command in
            let order = try transaction.with(.door) { try OperatorWork.pendingOrder(id, owner, $0) }
            let amount = try OperatorWork.money(text, in: order.total.currency)
            let receipt = try transaction.with(.engine) {
                try work.settle(
                    order, amount, reference: reference, memo: memo, stock: stock, as: command, $0)
            }
            return (receipt.json, .settlement(receipt, reference: reference, memo: memo))
        }
    }

    func cancelPendingOrder(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "reason")
        let reason = try fields.required("reason", fields.sentence("reason"))
        let id: OrderID = try call.id()
        let (work, owner) = (work(call), call.owner)
        return try await changes.run(call, on: owner, fields.body) { transaction, command in
            let order = try transaction.with(.door) { try OperatorWork.pendingOrder(id, owner, $0) }
            let receipt = try transaction.with(.engine) {
                try work.close(order, reason: reason, as: command, $0)
            }
            return (receipt.json, .closing(receipt, of: order, reason: reason))
        }
    }
}
