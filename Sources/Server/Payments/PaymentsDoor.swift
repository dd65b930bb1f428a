internal import Billing
internal import Catalog
internal import HTTPTypes
internal import Logging
internal import Postgres
internal import Primitives

/// Where payment providers send their messages: `/t/{tenant}/payments/stripe`.
///
/// What a message tells is committed before it is answered; whatever fails on our side is answered so that it is sent
/// again. A message that was dealt with before is answered and does nothing.
struct PaymentsDoor: Dialect {
    let name = PaymentDesk.dialect
    let routes = RouteTable([Route(.post, "/stripe", "messages.stripe")])

    let desk: PaymentDesk
    let logger: Logger

    func answer(_ request: DialectRequest, at route: RouteMatch) async -> DialectResponse {
        let tenant = request.mount.tenant
        do {
            guard let provider = try await desk.providers.find(tenant) else {
                return NeutralProblem.response(to: .pathUnknown)
            }
            let message: ProviderMessage
            do throws(MessageRefusal) {
                message = try provider.message(request.body, request.headers, at: request.receivedAt)
            } catch {
                return refused(error, request)
            }
            let outcome = try await desk.take(message, from: provider, of: tenant)
            logger.info(
                "a payment provider's message was dealt with",
                metadata: [
                    "tenant": "\(tenant)", "kind": "\(message.kind)", "message": "\(message.name)",
                    "outcome": "\(outcome)", "request_id": "\(request.id)",
                ])
            return DialectResponse(
                status: .ok, headers: [.contentType: "application/json"],
                body: Array(#"{"received":true}"#.utf8))
        } catch EngineError.busy(let seconds) {
            return NeutralProblem.response(to: .unavailable(retryAfterSeconds: seconds))
        } catch {
            logger.error(
                "a payment provider's message could not be dealt with; it will be sent again",
                metadata: ["tenant": "\(tenant)", "reason": "\(error)", "request_id": "\(request.id)"])
            return NeutralProblem.response(to: .fault)
        }
    }

    func problem(_ problem: DoorProblem, for request: DialectRequest) -> DialectResponse {
        NeutralProblem.response(to: problem)
    }

    private func refused(_ refusal: MessageRefusal, _ request: DialectRequest) -> DialectResponse {
        logger.warning(
            "a message is no payment provider's",
            metadata: [
                "tenant": "\(request.mount.tenant)", "reason": "\(refusal)",
                "address": "\(request.remoteAddress)", "request_id": "\(request.id)",
            ])
        switch refusal {
        case .notSigned:
            return NeutralProblem(.badRequest, "signature_invalid", "The signature does not fit the body.")
                .response
        case .outOfTime:
            return NeutralProblem(
                .badRequest, "signature_out_of_time", "The signature's time is not within tolerance."
            ).response
        case .unreadable:
            return NeutralProblem(.badRequest, "message_unreadable", "The message cannot be read.").response
        }
    }
}
