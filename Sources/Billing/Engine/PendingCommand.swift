internal import Synchronization

/// A submission and the caller who waits for its answer.
final class PendingCommand: Sendable {
    let submission: Submission
    /// Set where only its figures are asked for: it is decided and not carried out.
    let foresight: Foresight?
    private let caller: Mutex<CheckedContinuation<Result<Answer, EngineError>, Never>?>

    init(
        _ submission: Submission, foreseeing foresight: Foresight? = nil,
        _ continuation: CheckedContinuation<Result<Answer, EngineError>, Never>
    ) {
        self.submission = submission
        self.foresight = foresight
        caller = Mutex(continuation)
    }

    /// Answers the caller, once: whoever comes later, lane or watch, comes too late and hears it.
    @discardableResult
    func answer(_ result: Result<Answer, EngineError>) -> Bool {
        let waiting = caller.withLock { caller in
            defer { caller = nil }
            return caller
        }
        waiting?.resume(returning: result)
        return waiting != nil
    }

    /// Whether nobody waits for the answer but a job: it goes behind those who do.
    var isPatient: Bool {
        switch submission.command {
        case .renewal(let renewal): renewal.automatic != nil
        case .closing(let closing): closing.way == .expired
        case .purchase, .trial, .planChange, .topUp, .floatTopUp, .refund, .cancellation, .adjustment,
            .placement, .settlement, .payment:
            false
        }
    }

    /// How many slots the command may take: what bounds a group besides its length.
    var unitsWanted: Int {
        switch submission.command {
        case .purchase(let purchase): Int(purchase.quantity.value) * max(1, purchase.networks.count)
        case .trial(let trial): max(1, trial.networks.count)
        case .settlement(let settlement):
            Int(settlement.quantity.value) * max(1, settlement.networks.count)
        case .planChange: 1
        case .renewal, .topUp, .floatTopUp, .refund, .cancellation, .adjustment, .placement, .closing,
            .payment:
            0
        }
    }
}
