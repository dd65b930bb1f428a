import HTTPTypes
import Primitives
import Synchronization

@testable import Server

/// A payment provider in memory that pays back once per reversal; it says no to 666.00 and to 6.66.
final class Till: PaymentProvider {
    private struct State {
        var isAway = false
        var pages: [PageOrder] = []
        var refunds: [PaymentReversalID: ProviderRefund] = [:]
    }

    let name = "stripe"
    private let state = Mutex(State())

    /// What pages were asked for.
    var pages: [PageOrder] { state.withLock { $0.pages } }
    /// How much was paid back, refund by refund.
    var refunds: [Money] { state.withLock { $0.refunds.values.map(\.amount) } }

    func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }

    func objection(to amount: Money) -> String? { amount.minor > 100_000 ? "too much" : nil }

    func openPage(for order: PageOrder) async throws(PaymentProviderProblem) -> PaymentPage {
        try reach()
        if order.amount.minor == 666_00 { throw .refused(code: "no", message: "not that") }
        state.withLock { $0.pages.append(order) }
        return PaymentPage(
            session: "cs_\(order.payment)", url: "https://pay.test/\(order.payment)", reference: nil,
            expiresAt: nil)
    }

    func refund(_ order: RefundOrder) async throws(PaymentProviderProblem) -> ProviderRefund {
        try reach()
        if order.amount.minor == 6_66 { throw .refused(code: "no", message: "not that") }
        return state.withLock { state in
            let made = ProviderRefund(
                reference: "re_\(order.reversal)", amount: order.amount, state: .paid,
                names: OurNames(payment: order.payment, reversal: order.reversal))
            state.refunds[order.reversal] = made
            return made
        }
    }

    func refunds(of reference: String) async throws(PaymentProviderProblem) -> [ProviderRefund] {
        try reach()
        return state.withLock { Array($0.refunds.values) }
    }

    func page(_ session: String) async throws(PaymentProviderProblem) -> PageStanding { throw away }
    func charge(_ order: ChargeOrder) async throws(PaymentProviderProblem) -> ProviderPayment { throw away }
    func payment(_ reference: String) async throws(PaymentProviderProblem) -> ProviderPayment { throw away }
    func message(
        _ body: [UInt8], _ headers: HTTPFields, at now: Instant
    ) throws(MessageRefusal) -> ProviderMessage { throw .notSigned }

    private func reach() throws(PaymentProviderProblem) {
        if state.withLock({ $0.isAway }) { throw away }
    }

    private var away: PaymentProviderProblem {
        .unreachable(Fault(operation: "ask", isTransient: true, underlying: CancellationError()))
    }
}
