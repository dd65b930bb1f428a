internal import HTTPTypes
internal import NIOCore

/// How long a client may take over what.
struct Pace: Sendable {
    /// From the first byte of a request to the end of its head.
    let head: TimeAmount
    /// From the head to the end of the body.
    let body: TimeAmount
    /// Over taking `writtenMin` bytes of its answers, once they do not fit the socket's buffers.
    let writing: TimeAmount
    let writtenMin = 32 * 1_024
    /// To notice an answer that came before the end of its request.
    let lingering = TimeAmount.seconds(1)
    /// Whoever is owed an answer to a request that broke off waits for it, as long as a busy server may need.
    let answering = TimeAmount.seconds(60)
    /// To hang up after its last answer.
    let leaving = TimeAmount.seconds(5)
    private let bodyMax: Int

    init(_ settings: HTTPSettings) {
        head = .seconds(Int64(settings.headSeconds))
        body = .seconds(Int64(settings.bodySeconds))
        writing = .seconds(Int64(settings.writeSeconds))
        bodyMax = settings.bodyMax
    }

    /// RFC 9110 §10.1.1; a body that is too large anyway gets its final answer instead.
    func isWaitingToGoOn(_ head: HTTPRequest) -> Bool {
        guard head.headerFields[.expect]?.lowercased() == "100-continue" else { return false }
        return head.headerFields[.contentLength].flatMap(Int.init).map { $0 <= bodyMax } ?? true
    }
}

/// What ends a connection before anybody knows whose door is meant.
enum ConnectionProblem: String, Sendable, Hashable {
    /// What came is not HTTP.
    case malformed
    /// The head of a request did not come in time.
    case tooSlow = "too_slow"
    /// Every connection that there may be is at work.
    case overloaded
}
