internal import Metrics
internal import Synchronization

/// One line, or for a histogram one block of lines, of the rendered text.
protocol MetricSeries: AnyObject, Sendable {
    func render(_ name: String, _ labels: MetricLabels, into text: inout String)
}

/// Counts up; wraps never, for it stops at the largest Int64.
final class CounterSeries: CounterHandler, MetricSeries {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        let (old, new) = value.wrappingAdd(amount, ordering: .relaxed)
        if new < old { value.store(.max, ordering: .relaxed) }
    }

    func reset() { value.store(0, ordering: .relaxed) }

    func render(_ name: String, _ labels: MetricLabels, into text: inout String) {
        text += "\(name)\(labels.braced()) \(value.load(ordering: .relaxed))\n"
    }
}

/// What something is now.
final class GaugeSeries: MeterHandler, RecorderHandler, MetricSeries {
    private let value = Mutex<Double>(0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func render(_ name: String, _ labels: MetricLabels, into text: inout String) {
        text += "\(name)\(labels.braced()) \(number(value.withLock { $0 }))\n"
    }
}

/// How often which sizes or durations were seen.
final class HistogramSeries: RecorderHandler, TimerHandler, MetricSeries {
    private struct State {
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// From a tenth of a millisecond to ten seconds.
    static let seconds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// Sizes of groups and queues.
    static let sizes: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            if value.isFinite { state.sum += value }
        }
    }

    func render(_ name: String, _ labels: MetricLabels, into text: inout String) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < bounds.count ? number(bounds[index]) : "+Inf"
            text += "\(name)_bucket\(labels.braced(and: "le=\"\(bound)\"")) \(total)\n"
        }
        text += "\(name)_sum\(labels.braced()) \(number(sum))\n"
        text += "\(name)_count\(labels.braced()) \(total)\n"
    }
}

/// A number as the text format reads it; `1` and not `1.0`, so that bounds look as they were written.
private func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return String(value)
}
