internal import Catalog
internal import Metrics
internal import Synchronization

/// Counts requests and their durations by dialect, route and class of status.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let dialect: String
        let route: String
        let statusClass: Int
    }

    private struct Handles {
        let requests: Counter
        let duration: Timer
    }

    private let handles = Mutex<[Key: Handles]>([:])
    private let factory: any MetricsFactory

    init(_ factory: any MetricsFactory) {
        self.factory = factory
    }

    /// - Parameter route: a name out of a route table, never anything that a request carried.
    func record(dialect: String, route: String, status: Int, nanoseconds: Int64) {
        let key = Key(dialect: dialect, route: route, statusClass: status / 100)
        let handles = handles.withLock { handles in
            if let known = handles[key] { return known }
            let made = make(key)
            handles[key] = made
            return made
        }
        handles.requests.increment()
        handles.duration.recordNanoseconds(nanoseconds)
    }

    private func make(_ key: Key) -> Handles {
        let dimensions = [("dialect", key.dialect), ("route", key.route), ("status", "\(key.statusClass)xx")]
        return Handles(
            requests: Counter(
                label: "tollgate_http_requests_total", dimensions: dimensions, factory: factory),
            duration: Timer(label: "tollgate_http_request_seconds", dimensions: dimensions, factory: factory))
    }
}
