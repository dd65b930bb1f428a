internal import Catalog
internal import HTTPTypes
internal import Logging
internal import Primitives

/// What one request came to: the line that is logged of it.
struct RequestRecord: Sendable {
    var method: HTTPRequest.Method
    /// The mount and the pattern that matched, never a parameter's value, never a query.
    var path: String
    var route: String
    var status: Int
    var microseconds: Int64
    var tenant: TenantID?
    var dialect: String
    var requestID: String
    var remoteAddress: String
}

/// Logs one JSON line per request: `info`, or `error` for what failed on our side. Keys, tokens, bodies and
/// query values are in none of its fields.
struct RequestLog: Sendable {
    let sink: any LogSink
    /// The least level that is written; `.warning` leaves only our failures.
    let level: Logger.Level
    let clock: any WallClock

    func write(_ record: RequestRecord) {
        let recordLevel: Logger.Level = record.status >= 500 ? .error : .info
        guard recordLevel >= level else { return }
        var json = JSONWriter(capacity: 320)
        json.beginLogLine(clock.now(), recordLevel, "request")
        json.key("request_id")
        json.string(record.requestID)
        json.key("method")
        json.string(record.method.rawValue)
        json.key("path")
        json.string(record.path)
        json.key("route")
        json.string(record.route)
        json.key("status")
        json.integer(record.status)
        json.key("microseconds")
        json.integer(record.microseconds)
        if let tenant = record.tenant {
            json.key("tenant")
            json.integer(tenant.number)
        }
        json.key("dialect")
        json.string(record.dialect)
        json.key("remote")
        json.string(record.remoteAddress)
        json.endObject()
        sink.write(json.bytes)
    }
}
