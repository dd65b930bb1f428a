internal import Metrics

/// What an operator watches of the request log.
struct RecorderMetrics: Sendable {
    private let writtenRows = Counter(
        label: "tollgate_request_log_rows_total", dimensions: [("result", "written")])
    private let droppedRows = Counter(
        label: "tollgate_request_log_rows_total", dimensions: [("result", "dropped")])
    private let flushTime = Timer(
        label: "tollgate_request_log_flush_seconds", preferredDisplayUnit: .seconds)

    func written(_ rows: Int) { writtenRows.increment(by: rows) }
    func dropped(_ rows: Int) { droppedRows.increment(by: rows) }
    func flushed(in time: Duration) {
        flushTime.recordNanoseconds(
            time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
    }
}
