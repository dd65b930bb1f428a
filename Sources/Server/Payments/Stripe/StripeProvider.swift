internal import HTTPTypes
internal import Primitives

/// Stripe's API, and whatever speaks like it: Checkout Sessions, PaymentIntents, Refunds and signed events.
///
/// Our names travel as metadata on everything that is made, and come back with everything that is told.
struct StripeProvider: PaymentProvider {
    static let providerName = "stripe"

    var name: String { Self.providerName }
    let connection: ProviderConnection
    let transport: any StripeTransport

    init(_ connection: ProviderConnection, transport: any StripeTransport) {
        self.connection = connection
        self.transport = transport
    }

    func objection(to amount: Money) -> String? {
        guard StripeAmount.scale(of: amount.currency) != nil else {
            return "Stripe does not collect \(amount.currency)"
        }
        guard StripeAmount.number(of: amount) != nil else {
            return "Stripe does not collect the last digit of \(amount.currency)"
        }
        return nil
    }

    func openPage(for order: PageOrder) async throws(PaymentProviderProblem) -> PaymentPage {
        let object = try await call(.page(order, connection, amount: try number(of: order.amount)))
        guard let id = object["id"]?.stringValue, let url = object["url"]?.stringValue else {
            throw Self.unreadable("a Checkout Session without id or url")
        }
        return PaymentPage(
            session: id, url: url, reference: StripeReading.id(object["payment_intent"]),
            expiresAt: object["expires_at"]?.integralValue.map { Instant(milliseconds: $0 * 1_000) })
    }

    func page(_ session: String) async throws(PaymentProviderProblem) -> PageStanding {
        let object = try await call(.get("/v1/checkout/sessions/\(StripeRequest.segment(session))"))
        guard let page = StripeReading.page(object) else {
            throw Self.unreadable("a Checkout Session that says nothing of its payment")
        }
        return page
    }

    func charge(_ order: ChargeOrder) async throws(PaymentProviderProblem) -> ProviderPayment {
        try payment(try await call(.charge(order, amount: try number(of: order.amount))))
    }

    func payment(_ reference: String) async throws(PaymentProviderProblem) -> ProviderPayment {
        try payment(try await call(.get("/v1/payment_intents/\(StripeRequest.segment(reference))")))
    }

    func refund(_ order: RefundOrder) async throws(PaymentProviderProblem) -> ProviderRefund {
        let object = try await call(.refund(order, amount: try number(of: order.amount)))
        guard let refund = StripeReading.refund(object) else {
            throw Self.unreadable("a refund without an amount")
        }
        return refund
    }

    func refunds(of reference: String) async throws(PaymentProviderProblem) -> [ProviderRefund] {
        // A payment has few refunds; a hundred are one page.
        let list = try await call(
            .get("/v1/refunds", [.init("payment_intent", reference), .init("limit", "100")]))
        let refunds = (list["data"]?.arrayValue ?? []).map { StripeReading.refund($0) }
        guard list["data"]?.arrayValue != nil, !refunds.contains(nil) else {
            throw Self.unreadable("a list of refunds that are none")
        }
        return refunds.compactMap(\.self)
    }

    func message(
        _ body: [UInt8], _ headers: HTTPFields, at now: Instant
    ) throws(MessageRefusal) -> ProviderMessage {
        guard let header = headers[.stripeSignature], let signature = StripeSignature(header) else {
            throw .notSigned
        }
        try signature.verify(body, with: connection.webhookSecrets, at: now)
        let event: JSON
        do throws(JSONError) {
            event = try JSON.parse(body)
        } catch {
            throw .unreadable("no JSON: \(error)")
        }
        guard let message = StripeReading.message(event) else {
            throw .unreadable("an event without id, type or object")
        }
        return message
    }

    private func payment(_ object: JSON) throws(PaymentProviderProblem) -> ProviderPayment {
        guard let payment = StripeReading.payment(object) else {
            throw Self.unreadable("a PaymentIntent without id, status or amount")
        }
        return payment
    }

    private func number(of amount: Money) throws(PaymentProviderProblem) -> Int64 {
        guard let number = StripeAmount.number(of: amount) else {
            throw .refused(code: "amount_not_payable", message: objection(to: amount) ?? "\(amount)")
        }
        return number
    }

    /// Makes a call; what the provider refuses is its no, and what brought no answer is asked again later.
    private func call(_ request: StripeRequest) async throws(PaymentProviderProblem) -> JSON {
        let answer: StripeAnswer
        do {
            answer = try await transport.send(request, to: connection)
        } catch {
            throw .unreachable(
                Fault(operation: "ask Stripe \(request.path)", isTransient: true, underlying: error))
        }
        let json = try? JSON.parse(answer.body)
        if (200..<300).contains(answer.status), let json { return json }
        let error = json?["error"]
        let code =
            error?["decline_code"]?.stringValue ?? error?["code"]?.stringValue
            ?? error?["type"]?.stringValue
            ?? "http_\(answer.status)"
        let message = error?["message"]?.stringValue ?? "HTTP \(answer.status)"
        switch answer.status {
        // A wrong key is no answer about the payment: it is asked again when the key was put right.
        case 400, 402, 404: throw .refused(code: code, message: message)
        default:
            throw .unreachable(
                Fault(
                    operation: "ask Stripe \(request.path)", isTransient: true,
                    underlying: StripeProblem(status: answer.status, code: code, message: message)))
        }
    }

    private static func unreadable(_ what: String) -> PaymentProviderProblem {
        .unreachable(
            Fault(
                operation: "read Stripe's answer", isTransient: false,
                underlying: StripeProblem(status: 200, code: "unreadable", message: what)))
    }
}

/// What Stripe says is wrong; its messages carry no secrets of ours.
struct StripeProblem: Error, Sendable {
    let status: Int
    let code: String
    let message: String
}

extension HTTPField.Name {
    static let stripeSignature = Self("Stripe-Signature")!
}
