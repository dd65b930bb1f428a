public import Metrics
internal import Synchronization

/// Keeps every metric of the process and renders them as Prometheus text, version 0.0.4.
///
/// Counters end in `_total`, timers in `_seconds`. A metric has at most `seriesMax` series; labels that come
/// after that are counted together under `overflow="true"`, so a label that grows without end costs no
/// memory.
public final class PrometheusMetrics: MetricsFactory {
    private enum Kind: String {
        case counter, gauge, histogram
    }

    private struct Family {
        let kind: Kind
        var series: [MetricLabels: any MetricSeries] = [:]
    }

    private let families = Mutex<[String: Family]>([:])
    private let hooks = Mutex<[@Sendable () -> Void]>([])
    private let seriesMax: Int

    public init(seriesMax: Int = 1_000) {
        self.seriesMax = seriesMax
    }

    /// The type of what `render` returns.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Runs before every rendering: for gauges of what is only worth reading then, such as a queue's length.
    public func beforeRendering(_ hook: @escaping @Sendable () -> Void) {
        hooks.withLock { $0.append(hook) }
    }

    /// All metrics, sorted by name and labels.
    public func render() -> String {
        for hook in hooks.withLock({ $0 }) { hook() }
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key.text < $1.key.text }) {
                series.render(name, labels, into: &text)
            }
        }
        return text
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(MetricName.ending(label, in: "_total"), .counter, dimensions) { CounterSeries() }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions) { GaugeSeries() }
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, .gauge, dimensions) { GaugeSeries() } }
        return series(label, .histogram, dimensions) { HistogramSeries(bounds: HistogramSeries.sizes) }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(MetricName.ending(label, in: "_seconds"), .histogram, dimensions) {
            HistogramSeries(bounds: HistogramSeries.seconds)
        }
    }

    // What was counted stays counted: a scrape between two uses of a metric must not lose it.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func series<Series: MetricSeries>(
        _ label: String, _ kind: Kind, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        let name = MetricName.sanitized(label)
        let labels = MetricLabels(dimensions)
        return families.withLock { families in
            // One name cannot be of two types: the later one gets a name that says so.
            let key = families[name].map { $0.kind == kind } ?? true ? name : "\(name)_\(kind.rawValue)"
            var family = families[key] ?? Family(kind: kind)
            let isFull = family.series[labels] == nil && family.series.count >= seriesMax
            let place = isFull ? MetricLabels([("overflow", "true")]) : labels
            if let known = family.series[place] as? Series { return known }
            let made = make()
            family.series[place] = made
            families[key] = family
            return made
        }
    }
}
