internal import Metrics

/// What an operator watches of the engine.
struct EngineMetrics: Sendable {
    private let groupSize = Recorder(label: "tollgate_engine_group_commands", aggregate: true)
    private let groupTime = Timer(label: "tollgate_engine_group_seconds", preferredDisplayUnit: .seconds)
    private let depth: Gauge
    private let retries = Counter(label: "tollgate_engine_group_retries_total")
    private let splits = Counter(label: "tollgate_engine_group_splits_total")
    private let lookups = Counter(label: "tollgate_engine_commit_lookups_total")
    private let answered = Counter(
        label: "tollgate_engine_commands_total", dimensions: [("result", "answered")])
    private let refused = Counter(
        label: "tollgate_engine_commands_total", dimensions: [("result", "refused")])
    private let failed = Counter(label: "tollgate_engine_commands_total", dimensions: [("result", "failed")])
    private let settlements = SettlementMetrics()

    init(lane: Int) {
        depth = Gauge(label: "tollgate_engine_queue_depth", dimensions: [("lane", String(lane))])
    }

    func groupTaken(_ count: Int, waiting: Int) {
        groupSize.record(count)
        depth.record(waiting)
    }

    func groupDone(nanoseconds: Int64) {
        groupTime.recordNanoseconds(nanoseconds)
    }

    func retried() { retries.increment() }
    func split() { splits.increment() }
    func lookedUp() { lookups.increment() }

    func decided(_ result: Result<Answer, EngineError>) {
        switch result {
        case .success(let answer):
            answered.increment()
            if case .done(.settled(let receipt)) = answer { settlements.settled(receipt.result) }
        case .failure(.refused(let refusal)):
            refused.increment()
            if let reason = refusal.couponCode {
                Counter(label: "tollgate_engine_coupon_refusals_total", dimensions: [("reason", reason)])
                    .increment()
            }
        case .failure(.busy), .failure(.stopping), .failure(.unavailable), .failure(.outcomeUnknown):
            failed.increment()
        }
    }
}

/// What became of the orders that money had arrived for; they begin at nothing, so that the first is an increase.
private struct SettlementMetrics: Sendable {
    private let bought = Self.counter("bought")
    private let waiting = Self.counter("waits")
    private let notFulfilled = Self.counter("not_fulfilled")
    private let late = Self.counter("late")

    func settled(_ result: SettlementResult) {
        switch result {
        case .bought: bought.increment()
        case .waits: waiting.increment()
        case .notFulfilled: notFulfilled.increment()
        case .late: late.increment()
        }
    }

    private static func counter(_ result: String) -> Counter {
        Counter(label: "tollgate_engine_settlements_total", dimensions: [("result", result)])
    }
}
