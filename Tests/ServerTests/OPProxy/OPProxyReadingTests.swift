import HTTPTypes
import Primitives
import Testing

@testable import Server

@Suite("OP-Proxy reading")
struct OPProxyReadingTests {
    @Test(arguments: [
        ("", "400 invalid_request"), ("[]", "400 invalid_request"), ("{", "400 invalid_request"),
        (#"{"plan_id":"65a9f0c1b2c3d4e5f6a7b8c9"}"#, "400 invalid_request"),
        (#"{"type":"ipv4_rotating"}"#, "400 invalid_request"),
        (#"{"type":"ipv4","plan_id":"65a9f0c1b2c3d4e5f6a7b8c9"}"#, "400 invalid_type"),
        (#"{"type":4,"plan_id":"65a9f0c1b2c3d4e5f6a7b8c9"}"#, "400 invalid_type"),
        (#"{"type":null,"plan_id":"65a9f0c1b2c3d4e5f6a7b8c9"}"#, "400 invalid_type"),
        (#"{"type":"ipv4_rotating","plan_id":7}"#, "400 invalid_plan_id"),
        (#"{"type":"ipv4_rotating","plan_id":"65a9f0c1b2c3d4e5f6a7b8c"}"#, "400 invalid_plan_id"),
        (#"{"type":"ipv4_rotating","plan_id":"65a9f0c1b2c3d4e5f6a7b8cg"}"#, "400 invalid_plan_id"),
        (
            #"{"type":"ipv4_rotating","plan_id":"65a9f0c1b2c3d4e5f6a7b8c9","country":"n"}"#,
            "400 invalid_country"
        ),
        (
            #"{"type":"ipv4_rotating","plan_id":"65a9f0c1b2c3d4e5f6a7b8c9","country":"nl-1"}"#,
            "400 invalid_country"
        ),
        (
            #"{"type":"ipv4_rotating","plan_id":"65a9f0c1b2c3d4e5f6a7b8c9","country":null}"#,
            "400 invalid_country"
        ),
        (
            #"{"type":"ipv4_rotating","plan_id":"65a9f0c1b2c3d4e5f6a7b8c9","rotation":"5 m"}"#,
            "400 invalid_rotation"
        ),
        (
            #"{"type":"ipv4_rotating","plan_id":"65a9f0c1b2c3d4e5f6a7b8c9","rotation":5}"#,
            "400 invalid_rotation"
        ),
        (
            #"{"type":"ipv4_rotating","plan_id":"65a9f0c1b2c3d4e5f6a7b8c9","country":"x","rotation":"y"}"#,
            "400 invalid_country"
        ),
        (
            #"{"type":"ipv4_rotating","plan_id":"65A9F0C1B2C3D4E5F6A7B8C9","country":"NL","rotation":"Instant"}"#,
            "ok"
        ),
    ])
    func `a purchase is read field by field, in the vendor's order`(body: String, outcome: String) {
        #expect(Self.outcome { try OPProxy.PurchaseOrder(OPProxy.Fields(Self.request(body))) } == outcome)
    }

    @Test func `ids and words are read in either case and kept in lower case`() throws {
        let body =
            #"{"type":"ipv6_rotating","plan_id":"65A9F0C1B2C3D4E5F6A7B8C9","country":"US","rotation":"5M"}"#
        let order = try OPProxy.PurchaseOrder(OPProxy.Fields(Self.request(body)))
        #expect(order.plan.bits.hexString == "65a9f0c1b2c3d4e5f6a7b8c9")
        #expect(order.country == "us")
        #expect(order.rotation == "5m")
    }

    @Test(arguments: [
        ("{}", "400 invalid_request"), (#"{"whitelisted_ips":"203.0.113.10"}"#, "400 invalid_request"),
        (#"{"whitelisted_ips":null}"#, "400 invalid_request"), (#"{"whitelisted_ips":[]}"#, "ok"),
        (#"{"whitelisted_ips":["203.0.113.10"],"labels":["home"]}"#, "ok"),
        (#"{"whitelisted_ips":["203.0.113.10"],"labels":[]}"#, "400 invalid_request"),
        (#"{"whitelisted_ips":["203.0.113.10"],"labels":["a","b"]}"#, "400 invalid_request"),
        (#"{"whitelisted_ips":["203.0.113.10"],"labels":[1]}"#, "400 invalid_request"),
        (#"{"whitelisted_ips":["203.0.113.10"],"labels":["a\u0000b"]}"#, "400 invalid_request"),
        (#"{"whitelisted_ips":["203.0.113.10"],"labels":null}"#, "400 invalid_request"),
        (#"{"whitelisted_ips":[203]}"#, "400 invalid_ip"),
        // The address is looked at before the labels.
        (#"{"whitelisted_ips":["203.0.113"],"labels":[1]}"#, "400 invalid_ip"),
    ])
    func `a whitelist is read as agreed`(body: String, outcome: String) {
        #expect(Self.outcome { try OPProxy.Fields(Self.request(body)).whitelist() } == outcome)
    }

    @Test(arguments: [
        "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.04", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4/32",
        "1.2.3.-4",
        "+1.2.3.4", "1.2.3.", "", "::1", "::ffff:1.2.3.4", "1.2.3.4\\n", "１.2.3.4", "0x1.2.3.4", "1.2.3.0000",
    ])
    func `what is not four plain numbers is no address`(text: String) {
        let body = #"{"whitelisted_ips":["\#(text)"]}"#
        #expect(Self.outcome { try OPProxy.Fields(Self.request(body)).whitelist() } == "400 invalid_ip")
    }

    @Test(arguments: ["203.0.113.10", "0.0.0.0", "255.255.255.255", "10.0.0.1"])
    func `any address is taken, private ones too`(text: String) throws {
        let body = #"{"whitelisted_ips":["\#(text)"]}"#
        #expect(try OPProxy.Fields(Self.request(body)).whitelist().map(\.address.rawValue) == [text])
    }

    @Test func `fifty addresses are taken, fifty-one are counted before any is read, and each is kept once`()
        throws
    {
        func body(_ ips: [String]) -> String {
            #"{"whitelisted_ips":[\#(ips.map { "\"\($0)\"" }.joined(separator: ","))]}"#
        }
        let fifty = (1...50).map { "203.0.113.\($0)" }
        let read = try OPProxy.Fields(Self.request(body(fifty))).whitelist()
        #expect(read.map(\.address.rawValue) == fifty)
        #expect(
            Self.outcome { try OPProxy.Fields(Self.request(body(fifty + ["no address"]))).whitelist() }
                == "400 too_many_ips")
        let twice = #"{"whitelisted_ips":["1.1.1.1","2.2.2.2","1.1.1.1"],"labels":["a","b","c"]}"#
        let kept = try OPProxy.Fields(Self.request(twice)).whitelist()
        #expect(kept.map { "\($0.address) \($0.label?.rawValue ?? "-")" } == ["1.1.1.1 a", "2.2.2.2 b"])
    }

    @Test func `labels are counted as people count`() {
        func outcome(_ label: String) -> String {
            let body: JSON = ["whitelisted_ips": ["1.1.1.1"], "labels": [.string(label)]]
            return Self.outcome {
                try OPProxy.Fields(Self.request(String(decoding: body.encoded(), as: UTF8.self))).whitelist()
            }
        }
        #expect(outcome(String(repeating: "é", count: 80)) == "ok")
        #expect(outcome(String(repeating: "é", count: 81)) == "400 invalid_request")
    }

    @Test(arguments: [
        ("limit=1", "ok"), ("limit=100", "ok"), ("limit=0", "400 invalid_request"),
        ("limit=101", "400 invalid_request"), ("limit=abc", "400 invalid_request"),
        ("limit=", "400 invalid_request"), ("limit=1&limit=1", "400 invalid_request"),
        ("limit=%zz", "400 invalid_request"), ("limit=-1", "400 invalid_request"),
        ("limit=+5", "400 invalid_request"),
        ("limit=00000000000000000001", "400 invalid_request"), ("", "ok"),
    ])
    func `a limit is never bent into shape`(query: String, outcome: String) {
        #expect(Self.outcome { try FormQuery(query).limit(default: 50, max: 100) } == outcome)
    }

    @Test(arguments: [
        ("since=2026-01-31T00:00:00.000Z", "2026-01-31T00:00:00.000Z"),
        ("since=2026-01-31T03:00:00%2B03:00", "2026-01-31T00:00:00.000Z"),
        ("since=2026-01-31T03:00:00+03:00", "2026-01-31T00:00:00.000Z"),
        ("since=2026-01-31", "400 invalid_request"), ("since=yesterday", "400 invalid_request"),
        ("since=2026-02-29T00:00:00Z", "400 invalid_request"), ("since=", "400 invalid_request"),
    ])
    func `an instant has a zone`(query: String, expected: String) {
        var read = ""
        let outcome = Self.outcome { read = try FormQuery(query).instant("since")?.rfc3339() ?? "none" }
        #expect((outcome == "ok" ? read : outcome) == expected)
    }

    @Test(arguments: [
        ("auth=true", "ok"), ("auth=false", "ok"), ("auth=1", "400 invalid_request"),
        ("auth=True", "400 invalid_request"), ("auth=", "400 invalid_request"),
    ])
    func `a flag is true or false`(query: String, outcome: String) {
        #expect(Self.outcome { try FormQuery(query).flag("auth", default: true) } == outcome)
    }

    private static func outcome<Value>(_ read: () throws -> Value) -> String {
        do {
            _ = try read()
            return "ok"
        } catch let problem as OPProxy.Problem {
            return "\(problem.code.status.code) \(problem.code.rawValue)"
        } catch {
            return "\(error)"
        }
    }

    private static func request(_ body: String) -> DialectRequest {
        DialectRequest(
            method: .post, path: "/api/v1/purchase", query: nil, headers: [:], body: Array(body.utf8),
            mount: Mount(tenant: TenantID(1), dialect: OPProxy.name, prefix: ""),
            receivedAt: Instant(milliseconds: 0), id: "request-1", remoteAddress: "192.0.2.1")
    }
}
