import Billing
import Catalog
import HTTPTypes
import Primitives
import Provisioning
import Testing

@testable import Server

private let usd = Currency("USD")!
private let fault = Fault(operation: "test", isTransient: false, underlying: CatalogueOutdated())

@Suite("Gate problems")
struct GateProblemTests {
    /// contracts/gate.md §3, row by row.
    @Test(arguments: [
        (Gate.Problem.invalidJSON, 400, "Invalid JSON body", "invalid_json"),
        (.bodyNotObject, 400, "Body must be an object", "body_not_object"),
        (.unknownOp, 400, "Missing or unknown op", "unknown_op"),
        (.invalid(.planID), 400, "Missing or invalid planId", "invalid_plan_id"),
        (.invalid(.subscriptionID), 400, "Missing or invalid subscriptionId", "invalid_subscription_id"),
        (.invalid(.targetNetwork), 400, "Missing or invalid targetNetwork", "invalid_target_network"),
        (.invalid(.rotationPolicy), 400, "Missing or invalid rotationPolicy", "invalid_rotation_policy"),
        (.invalidRepeatCount, 400, "Invalid repeatCount or quantity", "invalid_repeat_count"),
        (.invalidQuantity, 400, "Invalid repeatCount or quantity", "invalid_quantity"),
        (.invalidCouponCode, 400, "Invalid couponCode", "invalid_coupon_code"),
        (.unauthorized, 401, "Unauthorized", "unauthorized"),
        (.insufficientBalance, 402, "Insufficient balance", "insufficient_balance"),
        (.forbidden, 403, "Forbidden", "forbidden"),
        (.subscriptionNotFound, 404, "Subscription not found", "subscription_not_found"),
        (.methodNotAllowed([.get, .post]), 405, "Method not allowed", "method_not_allowed"),
        (
            .rotationUnavailable, 409, "Rotation policy not available for this subscription",
            "rotation_unavailable"
        ),
        (.soldOut, 409, "Sold out, inactive plan/network, or invalid subscription state", "sold_out"),
        (
            .planInactive, 409, "Sold out, inactive plan/network, or invalid subscription state",
            "plan_inactive"
        ),
        (
            .networkInactive, 409, "Sold out, inactive plan/network, or invalid subscription state",
            "network_inactive"
        ),
        (
            .invalidState, 409, "Sold out, inactive plan/network, or invalid subscription state",
            "invalid_state"
        ),
        // Ours: a body that does not arrive.
        (.malformedRequest, 400, "Malformed request", "malformed_request"),
        (.requestTimeout, 408, "Request timeout", "request_timeout"),
        (.bodyTooLarge, 413, "Body too large", "body_too_large"),
        (.rateLimited(retryAfter: 3), 429, "Rate limited", "rate_limited"),
        (.fault, 500, "Internal error", "internal"),
    ])
    func `the table's status, text and code`(problem: Gate.Problem, status: Int, text: String, code: String) {
        #expect(problem.status.code == status)
        #expect(problem.text == text)
        #expect(problem.code == code)
        #expect(
            String(decoding: problem.response.body, as: UTF8.self)
                == #"{"ok":false,"error":"\#(text)","code":"\#(code)"}"#)
    }

    @Test(arguments: [
        (Refusal.idempotencyKeyReused, Gate.Problem.idempotencyKeyReused),
        (.idempotencyKeyInFlight, .idempotencyKeyInFlight),
        (.customerUnknown, .unauthorized),
        (.customerInactive, .forbidden),
        (.planUnknown, .invalid(.planID)),
        (.subscriptionUnknown, .subscriptionNotFound),
        (.planInactive, .planInactive),
        (.networkInactive, .networkInactive),
        (.planNotPriced, .planInactive),
        (.subscriptionNotRenewable, .invalidState),
        (.planNotEligible, .planNotEligible),
        (.trialNotOffered, .trialNotOffered),
        (.trialUsed, .trialUsed),
        (.amountTooLarge, .amountTooLarge),
        (.couponUnknown, .invalidCouponCode),
        (.coupon(.exhausted), .invalidCouponCode),
        (.coupon(.belowMinimum(Money(minor: 1, currency: usd))), .invalidCouponCode),
        (.priceChanged(Money(minor: 1, currency: usd)), .priceChanged),
        (.soldOut, .soldOut),
        (
            .insufficientBalance(required: Money(minor: 2, currency: usd), available: .zero(usd)),
            .insufficientBalance
        ),
        // The customer is not told about the tenant's own money.
        (.floatExhausted, .soldOut),
        (.orderUnknown, .fault),
        (.orderNotPending, .fault),
        (.tooManyPendingOrders(most: 20), .fault),
        (.paymentUnknown, .fault),
        (.paymentStepTaken, .fault),
    ])
    func `the engine's refusals in the vendor's words`(refusal: Refusal, problem: Gate.Problem) {
        #expect(Gate.Problem(refusal) == problem)
    }

    @Test(arguments: [
        (ConnectionRefusal.noLiveConnection, Gate.Problem.invalidState),
        (.rotationNotAvailable, .rotationUnavailable),
        (.rotationNotAllowed(minutes: 5, choices: [0, 10]), .rotationUnavailable),
        (.tooSoon(retryAfterMilliseconds: 1_001), .rateLimited(retryAfter: 2)),
        (.tooSoon(retryAfterMilliseconds: 1), .rateLimited(retryAfter: 1)),
        (.unknownNetwork(NetworkID(bits: .zero)), .invalid(.targetNetwork)),
        (.sameNetwork, .invalidState),
        (.networkInactive, .networkInactive),
        (.networkOfAnotherType, .invalidState),
        (.soldOut, .soldOut),
    ])
    func `provisioning's refusals in the vendor's words`(refusal: ConnectionRefusal, problem: Gate.Problem) {
        #expect(Gate.Problem(refusal) == problem)
    }

    @Test func `faults and a busy engine tell when to come back`() {
        #expect(Gate.Problem(EngineError.busy(retryAfterSeconds: 3)) == .unavailable(retryAfter: 3))
        #expect(Gate.Problem(EngineError.stopping) == .unavailable(retryAfter: 1))
        #expect(Gate.Problem(EngineError.unavailable(fault)) == .fault)
        #expect(Gate.Problem(EngineError.outcomeUnknown(CommandID(bits: .zero))) == .outcomeUnknown)
        #expect(Gate.Problem(DoorProblem.unavailable(retryAfterSeconds: 9)) == .unavailable(retryAfter: 9))
        #expect(Gate.Problem.unavailable(retryAfter: 9).response.headers[.retryAfter] == "9")
        #expect(Gate.Problem.rateLimited(retryAfter: 4).response.headers[.retryAfter] == "4")
    }

    @Test func `strangers whose keys are not looked up are told when to come back`() {
        #expect(
            Gate.Problem(StrangerRefusal.tooManyUnknown(retryAfterSeconds: 7)) == .rateLimited(retryAfter: 7))
        #expect(Gate.Problem(StrangerRefusal.busy) == .unavailable(retryAfter: 1))
    }

    @Test func `a wrong method is told the right ones`() {
        let problem = Gate.Problem(DoorProblem.methodNotAllowed(allowed: [.get, .post, .options]))
        #expect(problem.response.headers[.allow] == "GET, POST")
        #expect(problem.response.status == .methodNotAllowed)
    }

    /// A code is what programs tell problems apart by.
    @Test func `no two problems share a code`() {
        #expect(Set(Gate.Problem.all.map(\.code)).count == Gate.Problem.all.count)
    }
}
