/// A submission and the caller who waits for its answer.
struct PendingCommand: Sendable {
    let submission: Submission
    private let continuation: CheckedContinuation<Result<Answer, EngineError>, Never>

    init(_ submission: Submission, _ continuation: CheckedContinuation<Result<Answer, EngineError>, Never>) {
        self.submission = submission
        self.continuation = continuation
    }

    func answer(_ result: Result<Answer, EngineError>) {
        continuation.resume(returning: result)
    }

    /// How many slots the command may take: what bounds a group besides its length.
    var unitsWanted: Int {
        switch submission.command {
        case .purchase(let purchase): Int(purchase.quantity.value)
        case .trial: 1
        case .renewal, .topUp, .floatTopUp, .refund, .adjustment: 0
        }
    }
}
