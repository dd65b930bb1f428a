internal import Primitives

// The calls that move money, with our names on everything that they make.
extension StripeRequest {
    private static let payment = "tollgate_payment"
    private static let customer = "tollgate_customer"
    private static let tenant = "tollgate_tenant"
    private static let reversal = "tollgate_reversal"

    /// A page where the customer pays once.
    static func page(_ order: PageOrder, _ connection: ProviderConnection, amount: Int64) -> StripeRequest {
        let names = names(order.payment, order.customer, order.tenant)
        var fields: [Field] = [
            Field("mode", "payment"),
            Field("client_reference_id", order.payment.description),
            Field("success_url", connection.successURL),
            Field("cancel_url", connection.cancelURL),
            Field("line_items[0][quantity]", "1"),
            Field("line_items[0][price_data][currency]", order.amount.currency.code.lowercased()),
            Field("line_items[0][price_data][unit_amount]", String(amount)),
            Field("line_items[0][price_data][product_data][name]", order.description),
        ]
        fields += names.map { Field("metadata[\($0.name)]", $0.value) }
        fields += names.map { Field("payment_intent_data[metadata][\($0.name)]", $0.value) }
        if let payer = order.payer {
            fields.append(Field("customer", payer))
        } else {
            if let email = order.email { fields.append(Field("customer_email", email)) }
            if order.savesMethod { fields.append(Field("customer_creation", "always")) }
        }
        if order.savesMethod {
            fields.append(Field("payment_intent_data[setup_future_usage]", "off_session"))
        }
        return .post("/v1/checkout/sessions", fields, key: order.payment.description)
    }

    /// A saved card, charged at once while nobody is there.
    static func charge(_ order: ChargeOrder, amount: Int64) -> StripeRequest {
        let fields =
            [
                Field("amount", String(amount)),
                Field("currency", order.amount.currency.code.lowercased()),
                Field("customer", order.method.payer),
                Field("payment_method", order.method.method),
                Field("off_session", "true"),
                Field("confirm", "true"),
            ]
            + names(order.payment, order.customer, order.tenant).map {
                Field("metadata[\($0.name)]", $0.value)
            }
        return .post("/v1/payment_intents", fields, key: order.payment.description)
    }

    static func refund(_ order: RefundOrder, amount: Int64) -> StripeRequest {
        .post(
            "/v1/refunds",
            [
                Field("payment_intent", order.reference), Field("amount", String(amount)),
                Field("metadata[\(payment)]", order.payment.description),
                Field("metadata[\(reversal)]", order.reversal.description),
            ], key: order.reversal.description)
    }

    private static func names(
        _ payment: PaymentID, _ customer: CustomerID, _ tenant: TenantID
    ) -> [Field] {
        [
            Field(Self.payment, payment.description), Field(Self.customer, customer.description),
            Field(Self.tenant, String(tenant.number)),
        ]
    }
}

extension OurNames {
    /// What metadata says of them; what is none of ours is left out.
    init(stripe metadata: JSON?) {
        func bits(_ name: String) -> IdentifierBits? {
            metadata?[name]?.stringValue.flatMap { IdentifierBits(uuidString: $0) }
        }
        payment = bits("tollgate_payment").map(PaymentID.init(bits:))
        customer = bits("tollgate_customer").map(CustomerID.init(bits:))
        reversal = bits("tollgate_reversal").map(PaymentReversalID.init(bits:))
    }
}
