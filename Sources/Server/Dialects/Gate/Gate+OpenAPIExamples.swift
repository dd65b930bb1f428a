internal import Primitives

extension Gate.OpenAPI {
    static let readExamples: JSON = [
        "plans": example(.plans([plan])),
        "subscriptions": example(.subscriptions([subscription(port: 12001)])),
        "renewalPlans": example(
            .renewalPlans([
                Gate.Wire.RenewalPlan(
                    id: plan.id, connectionType: "private", durationMs: 2_592_000_000, priceAmountCents: 1200)
            ])),
        "availableNetworks": example(
            .networks([
                Gate.Wire.Network(
                    id: "b1c2d3e4f5g6h7j8k9m0n1p2", networkLabel: "DE-BER Berlin", country: "DE")
            ])),
    ]

    static let changeExamples: JSON = [
        "purchase": example(.bought([subscription(port: 12001)])),
        "purchaseOfTwo": example(.bought([subscription(port: 12001), subscription(port: 12002)])),
        "renew": example(.renewed(subscriptionId: "j97b2f6m1k4n8p3r5t7v9x0z", endAt: 1_770_368_000_000)),
        "changeCredentials": example(
            .credentials(password: "q7N3x9Lp", vpn: "7f3d9d4a-8b9f-4a93-9f55-2d5e3b7f1c24")),
        "setRotationPolicy": example(.done),
        "switchNetwork": example(.switched(subscription(port: 12001))),
    ]

    private static func example(_ answer: Gate.Answer) -> JSON { ["value": written(answer.body)] }

    private static let plan = Gate.Wire.Plan(
        id: "k17m3q5v7n9p1r2t4w6y8z0a", connectionType: "private", durationMs: 2_592_000_000,
        priceAmountCents: 1200,
        popular: true,
        network: Gate.Wire.PlanNetwork(
            name: "NL-AMS", city: "Amsterdam", country: "NL", networkType: "mobile"))

    private static func subscription(port: Int32) -> Gate.Wire.Subscription {
        let label = "\(port) - NL - Private"
        return Gate.Wire.Subscription(
            subscriptionId: port == 12001 ? "j97b2f6m1k4n8p3r5t7v9x0z" : "n38k2f6m1k4n8p3r5t7v9x0z",
            status: "active", activeUntil: 1_762_592_000_000, userNote: "Client A", rotationPolicy: 10,
            label: label,
            networkLabel: "NL-AMS Amsterdam", username: "u_6k8s9d", password: "p_2n4m6q",
            protocols: Gate.Wire.Links(
                Gate.Wire.Links.Source(
                    host: "proxy.example.com", port: port,
                    protocols: ["http", "socks5", "vless", "shadowsocks"],
                    vlessPort: 12443, shadowsocksPort: 12388, username: "u_6k8s9d", password: "p_2n4m6q",
                    vlessID: "7f3d9d4a-8b9f-4a93-9f55-2d5e3b7f1c24",
                    shadowsocksKey: "YWJjZGVmZ2hpamtsbW5vcA==",
                    label: label)),
            rotatePath: "/r/j97b2f6m1k4n8p3r5t7v9x0z1a2b3c4d5e6f7", rotateAvailable: true)
    }
}
