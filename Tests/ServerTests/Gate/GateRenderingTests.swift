import Catalog
import Primitives
import Provisioning
import Testing

@testable import Server

/// The vendor's own examples (vendors/gate.txt), to the byte once white space is out.
@Suite("Gate rendering")
struct GateRenderingTests {
    @Test func `plans are written as the vendor writes them`() {
        let plan = Gate.Wire.Plan(
            id: "k17m3q5v7n9p1r2t4w6y8z0a", connectionType: "private", durationMs: 2_592_000_000,
            priceAmountCents: 1200, popular: true,
            network: Gate.Wire.PlanNetwork(
                name: "NL-AMS", city: "Amsterdam", country: "NL", networkType: "mobile"))
        expect(
            .plans([plan]),
            """
            {"ok":true,"plans":[{"id":"k17m3q5v7n9p1r2t4w6y8z0a","connectionType":"private","durationMs":2592000000,\
            "priceAmountCents":1200,"popular":true,"network":{"name":"NL-AMS","city":"Amsterdam","country":"NL",\
            "networkType":"mobile"}}]}
            """)
        expect(.plans([]), #"{"ok":true,"plans":[]}"#)
    }

    @Test func `a subscription is written as the vendor writes it`() {
        expect(.subscriptions([.example()]), #"{"ok":true,"subscriptions":[\#(vendorsSubscription)]}"#)
        expect(.switched(.example()), #"{"ok":true,"subscription":\#(vendorsSubscription)}"#)
    }

    @Test func `one bought subscription is told alone and several in a list`() {
        expect(
            .bought([.example()]),
            """
            {"ok":true,"subscriptionId":"j97b2f6m1k4n8p3r5t7v9x0z","subscriptionIds":["j97b2f6m1k4n8p3r5t7v9x0z"],\
            "subscription":\(vendorsSubscription)}
            """)
        let second = Gate.Wire.Subscription.example(id: "n38k2f6m1k4n8p3r5t7v9x0z")
        expect(
            .bought([.example(), second]),
            """
            {"ok":true,"subscriptionId":"j97b2f6m1k4n8p3r5t7v9x0z",\
            "subscriptionIds":["j97b2f6m1k4n8p3r5t7v9x0z","n38k2f6m1k4n8p3r5t7v9x0z"],\
            "subscriptions":[\(vendorsSubscription),\
            \(vendorsSubscription.replacing("j97b2f6m1k4n8p3r5t7v9x0z", with: "n38k2f6m1k4n8p3r5t7v9x0z"))]}
            """)
    }

    @Test func `the other answers are written as the vendor writes them`() {
        let plan = Gate.Wire.RenewalPlan(
            id: "k17m3q5v7n9p1r2t4w6y8z0a", connectionType: "private", durationMs: 2_592_000_000,
            priceAmountCents: 1200)
        expect(
            .renewalPlans([plan]),
            """
            {"ok":true,"renewalPlans":[{"id":"k17m3q5v7n9p1r2t4w6y8z0a","connectionType":"private",\
            "durationMs":2592000000,"priceAmountCents":1200}]}
            """)
        expect(
            .networks([
                Gate.Wire.Network(
                    id: "b1c2d3e4f5g6h7j8k9m0n1p2", networkLabel: "DE-BER Berlin", country: "DE")
            ]),
            """
            {"ok":true,"networks":[{"id":"b1c2d3e4f5g6h7j8k9m0n1p2","networkLabel":"DE-BER Berlin","country":"DE"}]}
            """)
        expect(
            .renewed(subscriptionId: "j97b2f6m1k4n8p3r5t7v9x0z", endAt: 1_770_368_000_000),
            #"{"ok":true,"subscriptionId":"j97b2f6m1k4n8p3r5t7v9x0z","endAt":1770368000000}"#)
        expect(
            .credentials(password: "q7N3x9Lp", vpn: "7f3d9d4a-8b9f-4a93-9f55-2d5e3b7f1c24"),
            #"{"ok":true,"password":"q7N3x9Lp","vpn":"7f3d9d4a-8b9f-4a93-9f55-2d5e3b7f1c24"}"#)
        expect(.done, #"{"ok":true}"#)
    }

    /// 1767776000000 − 3 × 2592000000 = 1760000000000, and label and links carry one port.
    @Test func `what is held is shown with the port, the place and the note`() {
        let held = HeldSubscription(
            id: SubscriptionID(bits: IdentifierBits(milliseconds: 1, sequence: 2)),
            activeUntil: Instant(milliseconds: 1_767_776_000_000), userNote: "Client A", connection: .private,
            network: NetworkPlace(code: "NL-AMS", city: "Amsterdam", country: "NL"),
            gateway: GatewayShape(host: "proxy.example.com", protocols: ["http", "socks5"]), port: 12001,
            username: "u_6k8s9d",
            secret: SlotSecret(
                password: "p_2n4m6q", vlessUUID: "7f3d9d4a-8b9f-4a93-9f55-2d5e3b7f1c24", shadowsocksKey: "a"),
            rotationMinutes: 10, rotationChoices: [0, 10])
        let wire = Gate.Wire.Subscription(held, rotatePath: "/r/abcd1234")

        #expect(wire.subscriptionId == held.id.bits.base36String)
        #expect(wire.activeUntil == 1_767_776_000_000)
        #expect(wire.label == "12001 - NL - Private")
        #expect(wire.networkLabel == "NL-AMS Amsterdam")
        #expect(wire.protocols.http == "http://u_6k8s9d:p_2n4m6q@proxy.example.com:12001")
        #expect(wire.protocols.vless == nil)
        #expect(wire.rotateAvailable)
    }

    @Test(arguments: [
        (JSON.string("two\nlines \"quoted\""), #""userNote":"two\nlines \"quoted\"""#),
        (.null, #""userNote":null"#),
    ])
    func `a note is text or null`(note: JSON, written: String) {
        var subscription = Gate.Wire.Subscription.example()
        subscription.userNote = note.stringValue
        let body = String(decoding: Gate.Answer.switched(subscription).body, as: UTF8.self)
        #expect(body.contains(written))
    }
}

private func expect(
    _ answer: Gate.Answer, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(String(decoding: answer.body, as: UTF8.self) == text, sourceLocation: sourceLocation)
}

private let vendorsSubscription = """
    {"subscriptionId":"j97b2f6m1k4n8p3r5t7v9x0z","status":"active","activeUntil":1762592000000,"userNote":"Client A",\
    "rotationPolicy":10,"label":"12001 - NL - Private","networkLabel":"NL-AMS Amsterdam",\
    "credentials":{"username":"u_6k8s9d","password":"p_2n4m6q"},\
    "protocols":{"http":"http://u_6k8s9d:p_2n4m6q@proxy.example.com:12001",\
    "socks5":"socks5://u_6k8s9d:p_2n4m6q@proxy.example.com:12001","vless":"vless://...","shadowsocks":"ss://..."},\
    "rotate":{"rotatePath":"/r/abcd1234","available":true}}
    """

extension Gate.Wire.Subscription {
    fileprivate static func example(id: String = "j97b2f6m1k4n8p3r5t7v9x0z") -> Self {
        Self(
            subscriptionId: id, status: "active", activeUntil: 1_762_592_000_000, userNote: "Client A",
            rotationPolicy: 10, label: "12001 - NL - Private", networkLabel: "NL-AMS Amsterdam",
            username: "u_6k8s9d", password: "p_2n4m6q",
            protocols: Gate.Wire.Links(
                http: "http://u_6k8s9d:p_2n4m6q@proxy.example.com:12001",
                socks5: "socks5://u_6k8s9d:p_2n4m6q@proxy.example.com:12001", vless: "vless://...",
                shadowsocks: "ss://..."),
            rotatePath: "/r/abcd1234", rotateAvailable: true)
    }
}
