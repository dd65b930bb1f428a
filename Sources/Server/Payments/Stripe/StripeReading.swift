internal import Primitives

/// Reads Stripe's objects; `nil` where one has not what we need.
enum StripeReading {
    static func page(_ object: JSON) -> PageStanding? {
        guard let id = object["id"]?.stringValue, let status = object["payment_status"]?.stringValue else {
            return nil
        }
        let state: PageStanding.State
        switch (status, object["status"]?.stringValue) {
        case ("paid", _):
            guard let amount = money(object["amount_total"], object["currency"]) else { return nil }
            state = .paid(amount)
        case (_, "expired"): state = .expired
        default: state = .open
        }
        var names = OurNames(stripe: object["metadata"])
        if names.payment == nil {
            names.payment = object["client_reference_id"]?.stringValue.flatMap {
                IdentifierBits(uuidString: $0)
            }
            .map(PaymentID.init(bits:))
        }
        return PageStanding(
            session: id, state: state, reference: Self.id(object["payment_intent"]), names: names)
    }

    static func payment(_ object: JSON) -> ProviderPayment? {
        guard let id = object["id"]?.stringValue, let status = object["status"]?.stringValue else {
            return nil
        }
        let state: ProviderPayment.State
        switch status {
        case "succeeded":
            // What has come, and not what was asked for.
            guard
                let amount = money(object["amount_received"] ?? object["amount"], object["currency"])
            else { return nil }
            state = .paid(amount)
        case "canceled": state = .failed("canceled")
        // A card that was declined wants another, or a person who says yes: nobody is there for either.
        case "requires_payment_method", "requires_action", "requires_confirmation":
            let error = object["last_payment_error"]
            let code =
                error?["decline_code"]?.stringValue ?? error?["code"]?.stringValue ?? status
            state = .failed(error?["message"]?.stringValue.map { "\(code): \($0)" } ?? code)
        default: state = .open
        }
        return ProviderPayment(
            reference: id, state: state, names: OurNames(stripe: object["metadata"]), saved: saved(object))
    }

    /// The card, where the customer has agreed that it is charged again.
    private static func saved(_ object: JSON) -> SavedPaymentMethod? {
        guard object["setup_future_usage"]?.stringValue == "off_session", let payer = id(object["customer"]),
            let method = id(object["payment_method"])
        else { return nil }
        return SavedPaymentMethod(payer: payer, method: method)
    }

    static func refund(_ object: JSON) -> ProviderRefund? {
        guard let id = object["id"]?.stringValue, let amount = money(object["amount"], object["currency"])
        else { return nil }
        let state: ProviderRefund.State
        switch object["status"]?.stringValue {
        case "succeeded", nil: state = .paid
        case "failed", "canceled": state = .failed(object["failure_reason"]?.stringValue ?? "failed")
        default: state = .pending
        }
        return ProviderRefund(
            reference: id, amount: amount, state: state, names: OurNames(stripe: object["metadata"]))
    }

    static func dispute(_ object: JSON) -> ProviderDispute? {
        guard let id = object["id"]?.stringValue, let payment = Self.id(object["payment_intent"]),
            let amount = money(object["amount"], object["currency"]),
            let status = object["status"]?.stringValue
        else { return nil }
        let state: ProviderDispute.State
        switch status {
        case "won": state = .won
        // A bank asks before it takes; most of these end with nothing.
        case _ where status.hasPrefix("warning_"): state = .inquiry
        default: state = .taken
        }
        return ProviderDispute(reference: id, payment: payment, amount: amount, state: state)
    }

    /// An object's id, whether the object was expanded or not.
    static func id(_ value: JSON?) -> String? { value?.stringValue ?? value?["id"]?.stringValue }

    static func money(_ number: JSON?, _ currency: JSON?) -> Money? {
        guard let number = number?.integralValue, let code = currency?.stringValue else { return nil }
        return StripeAmount.money(number, code)
    }

    static func message(_ event: JSON) -> ProviderMessage? {
        guard let name = event["id"]?.stringValue, (1...255).contains(name.utf8.count),
            let kind = event["type"]?.stringValue, let object = event["data"]?["object"],
            let content = content(kind, object)
        else { return nil }
        return ProviderMessage(name: name, kind: kind, content: content)
    }

    private static func content(_ kind: String, _ object: JSON) -> ProviderMessage.Content? {
        switch kind {
        case "checkout.session.completed", "checkout.session.async_payment_succeeded",
            "checkout.session.expired", "checkout.session.async_payment_failed":
            guard object["mode"]?.stringValue ?? "payment" == "payment" else { return .ignored }
            return page(object).map(ProviderMessage.Content.page)
        case "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled":
            return payment(object).map(ProviderMessage.Content.payment)
        case "charge.refunded", "refund.created", "refund.updated", "refund.failed", "charge.refund.updated":
            return id(object["payment_intent"]).map(ProviderMessage.Content.refunds) ?? .ignored
        case "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
            "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated":
            return dispute(object).map(ProviderMessage.Content.dispute) ?? .ignored
        default: return .ignored
        }
    }
}
