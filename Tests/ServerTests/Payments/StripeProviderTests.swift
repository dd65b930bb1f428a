import Foundation
import HTTPTypes
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Server

/// The requests that go out, word by word, and answers as Stripe's documents show them (fixtures/stripe).
@Suite("Stripe's API")
struct StripeProviderTests {
    /// Answers from memory, and keeps what was asked.
    final class Tape: StripeTransport {
        let asked = Mutex<[StripeRequest]>([])
        let answers: Mutex<[StripeAnswer]>

        init(_ answers: [(Int, String)]) {
            self.answers = Mutex(answers.map { StripeAnswer(status: $0.0, body: Array($0.1.utf8)) })
        }

        struct Silence: Error {}

        func send(_ request: StripeRequest, to connection: ProviderConnection) async throws -> StripeAnswer {
            asked.withLock { $0.append(request) }
            return try answers.withLock { answers in
                guard !answers.isEmpty else { throw Silence() }
                return answers.removeFirst()
            }
        }
    }

    private static let payment = PaymentID(bits: IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 1))
    private static let customer = CustomerID(
        bits: IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 2))
    private static let reversal = PaymentReversalID(
        bits: IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 3))
    private static let usd = Currency("USD")!

    private func provider(_ tape: Tape) -> StripeProvider {
        StripeProvider(
            ProviderConnection(
                baseURL: "http://localhost:1", secret: Secret("sk_test_1"),
                webhookSecrets: [Secret("whsec_1")], successURL: "https://shop.test/paid",
                cancelURL: "https://shop.test/"), transport: tape)
    }

    private func fixture(_ name: String) throws -> String {
        try String(contentsOfFile: TestPaths.fixture("stripe/\(name).json"), encoding: .utf8)
            .replacing("{payment}", with: Self.payment.description)
            .replacing("{customer}", with: Self.customer.description)
            .replacing("{reversal}", with: Self.reversal.description)
    }

    @Test(arguments: [
        (#"{"id":"evt_1","secret":whsec}"#, "no JSON: Unexpected 'w' at byte 23."),
        (#"{"id":"evt_1""#, "no JSON: The JSON text ends too early, at byte 13."),
        (#"{"id":"evt_1"}"#, "an event without id, type or object"),
    ])
    func `a signed message that is not read says where, and repeats nothing of itself`(
        body: String, said: String
    ) {
        let now = Instant(milliseconds: 1_769_817_600_000)
        let header = StripeSignature.header(
            Array(body.utf8), secrets: ["whsec_1"], at: now.milliseconds / 1_000)
        #expect(throws: MessageRefusal.unreadable(said)) {
            try provider(Tape([])).message(Array(body.utf8), [.stripeSignature: header], at: now)
        }
    }

    @Test func `a page is asked for with our names on all of it, once per payment`() async throws {
        let tape = Tape([(200, try fixture("checkout_session"))])
        let page = try await provider(tape).openPage(
            for: PageOrder(
                payment: Self.payment, customer: Self.customer, tenant: TenantID(7),
                amount: Money(minor: 25_00, currency: Self.usd), description: "Top-up & more",
                email: "ann@example.com", savesMethod: true, payer: nil))
        #expect(page.session == "cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u")
        #expect(page.url.hasPrefix("https://checkout.stripe.com/c/pay/"))
        let request = tape.asked.withLock { $0[0] }
        #expect(request.path == "/v1/checkout/sessions" && request.method == .post)
        #expect(request.idempotencyKey == Self.payment.description)
        let fields = Dictionary(uniqueKeysWithValues: request.fields.map { ($0.name, $0.value) })
        #expect(
            fields == [
                "mode": "payment", "client_reference_id": Self.payment.description,
                "success_url": "https://shop.test/paid", "cancel_url": "https://shop.test/",
                "line_items[0][quantity]": "1", "line_items[0][price_data][currency]": "usd",
                "line_items[0][price_data][unit_amount]": "2500",
                "line_items[0][price_data][product_data][name]": "Top-up & more",
                "metadata[tollgate_payment]": Self.payment.description,
                "metadata[tollgate_customer]": Self.customer.description, "metadata[tollgate_tenant]": "7",
                "payment_intent_data[metadata][tollgate_payment]": Self.payment.description,
                "payment_intent_data[metadata][tollgate_customer]": Self.customer.description,
                "payment_intent_data[metadata][tollgate_tenant]": "7", "customer_email": "ann@example.com",
                "customer_creation": "always", "payment_intent_data[setup_future_usage]": "off_session",
            ])
        #expect(request.form.contains("product_data%5D%5Bname%5D=Top-up%20%26%20more"))
    }

    @Test func `a saved card is charged off session at once, and a refund names its part`() async throws {
        let tape = Tape([(200, try fixture("payment_intent")), (200, try fixture("refund"))])
        let charged = try await provider(tape).charge(
            ChargeOrder(
                payment: Self.payment, customer: Self.customer, tenant: TenantID(7),
                amount: Money(minor: 20_00, currency: Self.usd),
                method: SavedPaymentMethod(payer: "cus_9", method: "pm_9")))
        #expect(charged.state == .paid(Money(minor: 20_00, currency: Self.usd)))
        #expect(charged.names == OurNames(payment: Self.payment, customer: Self.customer))
        #expect(charged.saved == SavedPaymentMethod(payer: "cus_9", method: "pm_9"))
        let refund = try await provider(tape).refund(
            RefundOrder(
                reversal: Self.reversal, payment: Self.payment, reference: charged.reference,
                amount: Money(minor: 10_00, currency: Self.usd)))
        #expect(refund.state == .paid && refund.names.reversal == Self.reversal)
        let (charge, back) = tape.asked.withLock { ($0[0], $0[1]) }
        #expect(
            charge.form.hasPrefix(
                "amount=2000&currency=usd&customer=cus_9&payment_method=pm_9&off_session=true&confirm=true"))
        #expect(charge.idempotencyKey == Self.payment.description)
        #expect(back.idempotencyKey == Self.reversal.description && back.path == "/v1/refunds")
    }

    @Test(arguments: [
        (
            402,
            #"{"error":{"type":"card_error","code":"card_declined","decline_code":"lost_card","message":"No."}}"#,
            "lost_card"
        ),
        (
            400, #"{"error":{"type":"invalid_request_error","code":"amount_too_small","message":"No."}}"#,
            "amount_too_small"
        ),
        (
            404, #"{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No."}}"#,
            "resource_missing"
        ),
    ])
    func `a no is a no, with its code`(status: Int, body: String, code: String) async throws {
        do throws(PaymentProviderProblem) {
            _ = try await provider(Tape([(status, body)])).payment("pi_1")
            Issue.record("it was refused")
        } catch {
            guard case .refused(code, "No.") = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(arguments: [
        (401, "{}"), (403, "{}"), (409, "{}"), (429, "{}"), (500, "oops"), (200, "<html>"), (0, ""),
    ])
    func `whatever else comes back, or nothing, is nobody's answer`(status: Int, body: String) async throws {
        let tape = Tape(status == 0 ? [] : [(status, body)])
        do throws(PaymentProviderProblem) {
            _ = try await provider(tape).payment("pi_1")
            Issue.record("nobody has answered")
        } catch {
            guard case .unreachable = error else {
                Issue.record("\(error)")
                return
            }
            #expect(!"\(error)".contains("sk_test_1"), "no secret in words")
        }
    }

    @Test(arguments: [
        ("event_session_completed", "evt_1NG8Du2eZvKYlo2CUI79vXWy", "page"),
        ("event_session_unpaid", "evt_unpaid", "page"), ("event_payment_succeeded", "evt_pi", "payment"),
        ("event_charge_refunded", "evt_ch", "refunds"), ("event_dispute_created", "evt_dp", "dispute"),
        ("event_dispute_won", "evt_won", "dispute"), ("event_customer_created", "evt_cus", "ignored"),
    ])
    func `an event is believed by its signature and read`(name: String, id: String, kind: String) throws {
        let body = Array(try fixture(name).utf8)
        let now = Instant(milliseconds: 1_700_000_000_000)
        let headers: HTTPFields = [
            .stripeSignature: StripeSignature.header(body, secrets: ["whsec_1"], at: 1_700_000_000)
        ]
        let message = try provider(Tape([])).message(body, headers, at: now)
        #expect(message.name == id)
        let usd = Self.usd
        switch message.content {
        case .page(let page):
            #expect(kind == "page" && page.names.payment == Self.payment)
            let isPaid = name == "event_session_completed"
            #expect(page.state == (isPaid ? .paid(Money(minor: 25_00, currency: usd)) : .open))
        case .payment(let payment):
            #expect(kind == "payment" && payment.state == .paid(Money(minor: 20_00, currency: usd)))
        case .refunds(let reference): #expect(kind == "refunds" && reference == "pi_1Gszsj2eZvKYlo2C")
        case .dispute(let dispute):
            #expect(kind == "dispute" && dispute.amount == Money(minor: 10_00, currency: usd))
            #expect(dispute.state == (name == "event_dispute_won" ? .won : .taken))
        case .ignored: #expect(kind == "ignored")
        }
        #expect(throws: MessageRefusal.notSigned) {
            try provider(Tape([])).message(body, [:], at: now)
        }
        #expect(throws: MessageRefusal.notSigned) {
            try provider(Tape([])).message(body + [32], headers, at: now)
        }
    }
}
