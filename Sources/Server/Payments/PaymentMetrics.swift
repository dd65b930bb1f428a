internal import Metrics

/// What an operator watches of money that has come and is on nobody's wallet.
enum PaymentMetrics {
    /// Why it is not; each is told once, and stays with the provider until somebody has looked.
    enum Stray: String, CaseIterable, Sendable {
        /// The wallet is in another one.
        case currency
        /// It was credited before under its name, by hand or as another payment.
        case nameUsed = "name_used"
        /// Nobody knows whose it is.
        case stranger
    }

    /// Begins to count at nothing, so that the first is an increase.
    static func begin() {
        for reason in Stray.allCases { counter(reason).increment(by: 0) }
    }

    static func notCredited(_ reason: Stray) { counter(reason).increment() }

    private static func counter(_ reason: Stray) -> Counter {
        Counter(label: "tollgate_payments_not_credited_total", dimensions: [("reason", reason.rawValue)])
    }
}
