import Catalog
import HTTPTypes
import Primitives
import Testing

@testable import Server

private let plan = "k17m3q5v7n9p1r2t4w6y8z0a"

/// A genuine id in the gate's spelling, and one of the right shape that nobody has made.
private let genuine = IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 7).base36String
private let madeUp = "j97b2f6m1k4n8p3r5t7v9x0z"
private let genuineID = IdentifierBits(base36String: genuine)!

@Suite("Gate requests")
struct GateRequestTests {
    @Test func `the ids of these tests are what they are said to be`() {
        #expect(IdentifierBits(base36String: madeUp) == nil)
        #expect(IdentifierBits(base36String: plan) == nil)
    }

    @Test(arguments: [
        ("op=plans", Gate.Operation.plans),
        ("op=subscriptions", .subscriptions),
        ("op=plans&extra=1&extra=2", .plans),
        ("%6Fp=pl%61ns", .plans),
        ("op=renewal-plans&subscriptionId=\(genuine)", .renewalPlans(.id(SubscriptionID(bits: genuineID)))),
        (
            "subscriptionId=\(genuine)&op=available-networks",
            .availableNetworks(.id(SubscriptionID(bits: genuineID)))
        ),
        ("op=renewal-plans&subscriptionId=\(madeUp)", .renewalPlans(.nobodys)),
    ])
    func `GET takes its op from the query`(query: String, operation: Gate.Operation) throws {
        #expect(try Gate.Operation.read(query: query) == operation)
    }

    @Test(arguments: [
        ("", Gate.Problem.unknownOp),
        ("op=", .unknownOp),
        ("op", .unknownOp),
        ("op=Plans", .unknownOp),
        ("op=+plans", .unknownOp),
        ("op=purchase", .unknownOp),
        ("op=renew&subscriptionId=\(genuine)", .unknownOp),
        ("op=plans&op=plans", .unknownOp),
        ("op=plans&%6Fp=subscriptions", .unknownOp),
        ("op=pl%6", .unknownOp),
        ("op=pl%zzns", .unknownOp),
        ("op=%ff", .unknownOp),
        ("OP=plans", .unknownOp),
        ("op=renewal-plans", .invalid(.subscriptionID)),
        ("op=renewal-plans&subscriptionId=", .invalid(.subscriptionID)),
        ("op=renewal-plans&subscriptionId=abc", .invalid(.subscriptionID)),
        ("op=renewal-plans&subscriptionId=\(genuine.uppercased())", .invalid(.subscriptionID)),
        ("op=renewal-plans&subscriptionId=\(genuine)%20", .invalid(.subscriptionID)),
        ("op=renewal-plans&subscriptionId=\(genuineID.uuidString)", .invalid(.subscriptionID)),
        (
            "op=available-networks&subscriptionId=\(genuine)&subscriptionId=\(genuine)",
            .invalid(.subscriptionID)
        ),
    ])
    func `a wrong query is refused in the vendor's words`(query: String, problem: Gate.Problem) {
        #expect(throws: problem) { try Gate.Operation.read(query: query) }
    }

    @Test(arguments: [
        ("", Gate.Problem.invalidJSON),
        ("{", .invalidJSON),
        ("{'op':'trial'}", .invalidJSON),
        ("{\"op\":\"trial\",}", .invalidJSON),
        ("{\"op\":\"trial\",\"op\":\"trial\"}", .invalidJSON),
        ("{\"op\":\"trial\",\"x\":{\"y\":1,\"y\":2}}", .invalidJSON),
        ("{\"op\":\"trial\"} {}", .invalidJSON),
        ("\u{FEFF}{\"op\":\"trial\"}", .invalidJSON),
        ("[]", .bodyNotObject),
        ("[{\"op\":\"trial\"}]", .bodyNotObject),
        ("\"op\"", .bodyNotObject),
        ("null", .bodyNotObject),
        ("12", .bodyNotObject),
        ("{}", .unknownOp),
        ("{\"op\":null}", .unknownOp),
        ("{\"op\":1}", .unknownOp),
        ("{\"op\":[\"trial\"]}", .unknownOp),
        ("{\"op\":\"\"}", .unknownOp),
        ("{\"op\":\"plans\"}", .unknownOp),
        ("{\"op\":\"subscriptions\"}", .unknownOp),
        ("{\"op\":\"Purchase\"}", .unknownOp),
        ("{\"OP\":\"trial\"}", .unknownOp),
    ])
    func `a body that is no operation is refused in order`(body: String, problem: Gate.Problem) {
        #expect(throws: problem) { try Gate.Operation.read(body: Array(body.utf8)) }
    }

    @Test func `bytes that are not UTF-8 are no JSON`() {
        #expect(throws: Gate.Problem.invalidJSON) {
            try Gate.Operation.read(body: Array("{\"op\":\"".utf8) + [0xFF] + Array("\"}".utf8))
        }
    }
}
