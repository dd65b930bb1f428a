internal import Catalog
internal import HTTPTypes
internal import Primitives

extension AccountAPI {
    /// `GET /v1/balance`.
    func balance(_ call: Call) async throws -> DialectResponse {
        guard let wallet = try await books.wallet(of: call.caller) else { throw Problem(.unauthorized) }
        let none = Money.zero(wallet.currency)
        let (balance, credit) = (wallet.balance ?? none, wallet.creditLimit ?? none)
        return .json([
            "balance": balance.accountJSON, "credit_limit": credit.accountJSON,
            "available": (balance.adding(credit) ?? balance).accountJSON,
            "owed": (wallet.owed ?? none).accountJSON,
        ])
    }

    /// `GET /v1/statement`: what moved the balance, the newest first.
    func statement(_ call: Call) async throws -> DialectResponse {
        let paging = try Paging(call.request)
        let query = Query(call.request)
        let reason: StatementReason? = try query.word("reason", .invalidReason)
        let filter = AccountBooks.StatementFilter(
            reason: reason?.rawValue, from: try query.instant("from", .invalidFrom),
            to: try query.instant("to", .invalidTo), before: try paging.sequence(), limit: paging.limit)
        let page = try await books.statement(of: call.caller, filter)
        return .json(Self.page(page.map(Self.json)) { String($0) })
    }

    /// `GET /v1/orders`, the newest first.
    func listOrders(_ call: Call) async throws -> DialectResponse {
        let paging = try Paging(call.request)
        let query = Query(call.request)
        let filter = OrderFilter(
            state: try query.word("state", .invalidState), kind: try query.word("kind", .invalidKind),
            from: try query.instant("from", .invalidFrom), to: try query.instant("to", .invalidTo),
            before: try paging.identifier(), limit: paging.limit)
        let page = try await books.orders(of: call.caller, filter)
        return .json(Self.page(page.map { .object(Self.json($0)) }) { $0.description })
    }

    /// `GET /v1/orders/{id}`: with what it made, and its entries.
    func order(_ call: Call) async throws -> DialectResponse {
        let details = try await details(call)
        var json = Self.json(details.order)
        json["subscriptions"] = .array(details.subscriptions.map(\.json))
        json["entries"] = .array(details.entries.map(Self.json))
        return .json(.object(json))
    }

    /// `GET /v1/orders/{id}/receipt`: JSON, or plain text for whoever would rather have that.
    func receipt(_ call: Call) async throws -> DialectResponse {
        let details = try await details(call)
        guard let buyer = try await books.wallet(of: call.caller) else { throw Problem(.unauthorized) }
        let catalogue = try await catalogues.catalogue(of: call.tenant)
        let plan = catalogue.plans.first { $0.code == details.order.plan }
        let receipt = Receipt(
            seller: catalogue.tenant.name, buyer: buyer, order: details.order,
            planName: plan?.name ?? details.order.plan,
            refunds: details.entries.filter { $0.id.bits != details.order.id.bits })
        guard Self.prefersText(call.request) else { return .json(receipt.json) }
        return DialectResponse(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: Array(receipt.text.utf8))
    }

    /// Whether plain text is the first that is accepted.
    private static func prefersText(_ request: DialectRequest) -> Bool {
        let first = request.headers[.accept]?.split(separator: ",").first?.split(separator: ";").first
        return first?.trimmingPrefix(while: { $0 == " " }).lowercased() == "text/plain"
    }

    private func details(_ call: Call) async throws -> OrderDetails {
        guard let details = try await books.order(try call.id(), of: call.caller) else {
            throw Problem(.notFound)
        }
        return details
    }

    /// Why a balance moves, in a customer's statement.
    enum StatementReason: String, CaseIterable {
        case purchase, renewal, trial, cancellation
        case planChange = "plan_change"
        case topUp = "top_up"
        case refund, adjustment
        /// A refund of a top-up was asked for, and its money went or came back.
        case refundHold = "refund_hold"
        case refundRelease = "refund_release"
        case topUpRefund = "top_up_refund"
        case chargeback, regained
        /// What the wallet could not give is owed, and was paid.
        case debt
        case debtPayment = "debt_payment"
    }

    private static func json(_ entry: EntryView) -> JSON {
        [
            "id": .string(entry.id.description), "at": .string(entry.recordedAt.rfc3339()),
            "reason": .string(entry.reason), "amount": entry.amount.accountJSON,
            "balance": entry.balance?.accountJSON ?? .null,
            "sequence": entry.sequence.map(JSON.integer) ?? .null,
            "order": entry.order.map { .string($0.description) } ?? .null,
        ]
    }

    /// Without the wholesale price, which is the reseller's own matter.
    private static func json(_ order: OrderView) -> JSONObject {
        let price = order.price
        var json = JSONObject()
        json["id"] = .string(order.id.description)
        json["placed_at"] = .string(order.placedAt.rfc3339())
        json["kind"] = .string(order.kind.rawValue)
        json["state"] = .string(order.state.rawValue)
        json["dialect"] = .string(order.dialect.rawValue)
        json["ordered_by"] = order.orderedBy.map(JSON.string) ?? .null
        json["plan"] = .string(order.plan)
        json["quantity"] = .integer(Int64(order.quantity))
        json["repeat_count"] = .integer(Int64(order.repeatCount))
        json["list"] = price.list.accountJSON
        json["discount"] = price.discount.accountJSON
        json["total"] = price.total.accountJSON
        json["refunded"] = price.refunded.accountJSON
        json["coupon"] = order.coupon.map(JSON.string) ?? .null
        json["renewed"] = order.renewed.map { .string($0.description) } ?? .null
        return json
    }
}
