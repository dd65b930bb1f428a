import HTTPTypes
import Primitives
import Synchronization

@testable import Server

/// A payment provider in memory, which keeps its word about ids: whatever is asked for twice under one of ours happens once.
final class FakeProvider: PaymentProvider {
    struct State {
        var payments: [PaymentID: ProviderPayment] = [:]
        var pages: [String: (order: PageOrder, paid: Money?)] = [:]
        var refunds: [String: ProviderRefund] = [:]
        var refundsOf: [String: [String]] = [:]
        /// What charges and refunds come to, while it is set.
        var declines: String?
        /// As many of the next calls get no answer, although what they ask for happens where it can.
        var silences = 0
        /// As many of the next calls do not arrive at all.
        var losses = 0
        var refundsArePending = false
        var charges = 0
        var number = 0
    }

    let state = Mutex(State())
    let name = "stripe"

    struct NoAnswer: Error {}

    func objection(to amount: Money) -> String? { amount.minor > 9_999_999_99 ? "too much" : nil }

    private func silence() throws(PaymentProviderProblem) {
        let isSilent = state.withLock { state in
            guard state.silences > 0 else { return false }
            state.silences -= 1
            return true
        }
        if isSilent {
            throw .unreachable(Fault(operation: "fake", isTransient: true, underlying: NoAnswer()))
        }
    }

    private func loss() throws(PaymentProviderProblem) {
        let isLost = state.withLock { state in
            guard state.losses > 0 else { return false }
            state.losses -= 1
            return true
        }
        if isLost { throw .unreachable(Fault(operation: "fake", isTransient: true, underlying: NoAnswer())) }
    }

    func openPage(for order: PageOrder) async throws(PaymentProviderProblem) -> PaymentPage {
        try loss()
        let session = "cs_\(order.payment.bits.hexString)"
        let declined = state.withLock { state in
            if state.declines == nil, state.pages[session] == nil { state.pages[session] = (order, nil) }
            return state.declines
        }
        if let declined { throw .refused(code: declined, message: "no") }
        try silence()
        return PaymentPage(
            session: session, url: "https://pay.test/\(session)", reference: nil, expiresAt: nil)
    }

    /// The customer pays at the page, this much where they pay something else than was asked for.
    func pay(_ session: String, _ amount: Money? = nil) {
        state.withLock { state in
            guard let page = state.pages[session], page.paid == nil else { return }
            let paid = amount ?? page.order.amount
            state.pages[session]?.paid = paid
            state.payments[page.order.payment] = ProviderPayment(
                reference: Self.reference(page.order.payment), state: .paid(paid),
                names: OurNames(payment: page.order.payment, customer: page.order.customer),
                saved: page.order.savesMethod
                    ? SavedPaymentMethod(payer: "cus_1", method: "pm_1") : nil)
        }
    }

    static func reference(_ payment: PaymentID) -> String { "pi_\(payment.bits.hexString)" }

    func page(_ session: String) async throws(PaymentProviderProblem) -> PageStanding {
        try loss()
        guard let page = state.withLock({ $0.pages[session] }) else {
            throw .refused(code: "resource_missing", message: "no such page")
        }
        return PageStanding(
            session: session, state: page.paid.map { .paid($0) } ?? .open,
            reference: page.paid == nil ? nil : Self.reference(page.order.payment),
            names: OurNames(payment: page.order.payment, customer: page.order.customer))
    }

    func charge(_ order: ChargeOrder) async throws(PaymentProviderProblem) -> ProviderPayment {
        try loss()
        let (declined, payment) = state.withLock { state -> (String?, ProviderPayment?) in
            if let known = state.payments[order.payment] { return (nil, known) }
            if let declines = state.declines { return (declines, nil) }
            state.charges += 1
            let payment = ProviderPayment(
                reference: Self.reference(order.payment), state: .paid(order.amount),
                names: OurNames(payment: order.payment, customer: order.customer), saved: nil)
            state.payments[order.payment] = payment
            return (nil, payment)
        }
        try silence()
        guard let payment else { throw .refused(code: declined ?? "", message: "no") }
        return payment
    }

    func payment(_ reference: String) async throws(PaymentProviderProblem) -> ProviderPayment {
        try loss()
        let found = state.withLock { $0.payments.values.first { $0.reference == reference } }
        guard let found else { throw .refused(code: "resource_missing", message: "no such payment") }
        return found
    }

    func refund(_ order: RefundOrder) async throws(PaymentProviderProblem) -> ProviderRefund {
        try loss()
        let name = "re_\(order.reversal.bits.hexString)"
        let (declined, refund) = state.withLock { state -> (String?, ProviderRefund?) in
            if let known = state.refunds[name] { return (nil, known) }
            if let declines = state.declines { return (declines, nil) }
            let refund = ProviderRefund(
                reference: name, amount: order.amount, state: state.refundsArePending ? .pending : .paid,
                names: OurNames(payment: order.payment, reversal: order.reversal))
            state.refunds[name] = refund
            state.refundsOf[order.reference, default: []].append(name)
            return (nil, refund)
        }
        try silence()
        guard let refund else { throw .refused(code: declined ?? "", message: "no") }
        return refund
    }

    /// What becomes of a refund later on.
    func turn(_ reversal: PaymentReversalID, into new: ProviderRefund.State) {
        let name = "re_\(reversal.bits.hexString)"
        state.withLock { state in
            guard let known = state.refunds[name] else { return }
            state.refunds[name] = ProviderRefund(
                reference: name, amount: known.amount, state: new, names: known.names)
        }
    }

    /// Somebody pays back at the provider itself.
    func refundThere(_ reference: String, _ amount: Money) {
        state.withLock { state in
            state.number += 1
            let name = "re_there_\(state.number)"
            state.refunds[name] = ProviderRefund(
                reference: name, amount: amount, state: .paid, names: OurNames())
            state.refundsOf[reference, default: []].append(name)
        }
    }

    func refunds(of reference: String) async throws(PaymentProviderProblem) -> [ProviderRefund] {
        try loss()
        return state.withLock { state in
            (state.refundsOf[reference] ?? []).compactMap { state.refunds[$0] }
        }
    }

    func message(
        _ body: [UInt8], _ headers: HTTPFields, at now: Instant
    ) throws(MessageRefusal) -> ProviderMessage { throw .notSigned }
}
