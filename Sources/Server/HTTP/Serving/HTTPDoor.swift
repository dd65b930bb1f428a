internal import Hummingbird
internal import Metrics

/// What a server hands to whoever answers: requests, and what was none.
protocol HTTPDoor: HTTPResponder where Context == ConnectionContext {
    /// Where its connections are counted.
    var connectionMetrics: any MetricsFactory { get }
    /// The answer to what is no request, for the connection to write.
    ///
    /// - Parameter address: the peer's, without its port.
    func refuse(_ problem: ConnectionProblem, from address: String) -> DialectResponse
}

extension DialectResponse {
    /// As the server writes it.
    func written(isHead: Bool) -> Response {
        if let stream {
            precondition(!isHead, "an answer to HEAD has no body that could be made")
            return Response(status: status, headers: headers, body: ResponseBody(stream))
        }
        if isHead {
            // The length of what GET would have sent, and nothing of it (RFC 9110 §9.3.2).
            var headers = headers
            headers[.contentLength] = String(body.count)
            return Response(status: status, headers: headers)
        }
        guard !body.isEmpty else { return Response(status: status, headers: headers) }
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
