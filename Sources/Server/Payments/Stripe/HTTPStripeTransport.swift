internal import AsyncHTTPClient
internal import NIOCore
internal import Primitives

/// Calls Stripe over HTTP; a call that brought no answer is made again under its own key, a few times.
struct HTTPStripeTransport: StripeTransport {
    var timeoutSeconds: Int64 = 10
    /// How long it waits before it calls again, in ms: once for each further call.
    var waitsMilliseconds = [250, 1_000]

    /// The version of Stripe's API that this adapter was written against.
    static let version = "2024-06-20"
    /// The most of an answer that is read, in bytes.
    static let answerMax = 4 * 1_024 * 1_024

    func send(_ request: StripeRequest, to connection: ProviderConnection) async throws -> StripeAnswer {
        for wait in waitsMilliseconds {
            do {
                let answer = try await sendOnce(request, to: connection)
                guard Self.isWorthRepeating(answer.status) else { return answer }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // Nobody knows whether it arrived; the key makes the next call the same one.
            }
            try await Task.sleep(for: .milliseconds(wait))
        }
        return try await sendOnce(request, to: connection)
    }

    private func sendOnce(
        _ request: StripeRequest, to connection: ProviderConnection
    ) async throws -> StripeAnswer {
        let isPost = request.method == .post
        let query = isPost || request.fields.isEmpty ? "" : "?\(request.form)"
        var http = HTTPClientRequest(url: connection.baseURL + request.path + query)
        http.method = isPost ? .POST : .GET
        http.headers.add(name: "Authorization", value: "Bearer \(connection.secret.reveal())")
        http.headers.add(name: "Stripe-Version", value: Self.version)
        if let key = request.idempotencyKey { http.headers.add(name: "Idempotency-Key", value: key) }
        if isPost {
            http.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            http.body = .bytes(ByteBuffer(string: request.form))
        }
        let response = try await HTTPClient.shared.execute(http, timeout: .seconds(timeoutSeconds))
        let body = try await response.body.collect(upTo: Self.answerMax)
        return StripeAnswer(status: Int(response.status.code), body: Array(body.readableBytesView))
    }

    /// 409 is another call under the same key, 429 is too many, 5xx is their trouble.
    private static func isWorthRepeating(_ status: Int) -> Bool {
        status == 409 || status == 429 || status >= 500
    }
}
