internal import Primitives

extension OPProxy.OpenAPI {
    /// What an endpoint answers, as its writers write it: the vendor's own examples where there are some.
    static func example(of endpoint: OPProxy.Endpoint) -> JSON {
        written(answer(of: endpoint).body)
    }

    private static func answer(of endpoint: OPProxy.Endpoint) -> OPProxy.Answer {
        switch endpoint {
        case .getAccount:
            .account(
                OPProxy.Wire.Account(
                    username: "alice", email: "alice@example.com", balance: 1500, currency: "RUB"))
        case .listPlans:
            .plans([
                OPProxy.Wire.Plan(
                    planID: "65a9f0c1b2c3d4e5f6a7b8c9", type: "ipv4_rotating",
                    name: "IPv4 Rotating 100 threads", threads: 100, days: 30, price: 1500, currency: "RUB")
            ])
        case .purchase: .purchased(service.purchased)
        case .listServices: .services([service], next: nil)
        case .getService, .extendService, .replaceServiceWhitelist, .setServiceCountry, .setServiceRotation:
            .service(service)
        case .getServiceProxies: .proxies(list)
        case .regenerateServiceCredentials: .credentials(serviceID: service.purchased.serviceID, auth)
        case .listLogs: .logs([entry], next: entry.id)
        case .getIdempotencyKey:
            .key(
                OPProxy.KeyRecord(
                    key: "order-1", httpStatus: 200, answeredAt: bought,
                    response: OPProxy.Answer.purchased(service.purchased).body))
        case .getDocument: preconditionFailure("the document is no answer in the vendor's envelope")
        }
    }

    static let textExamples: JSON = [
        "host_port_user_pass": ["value": .string(String(decoding: list.text, as: UTF8.self))],
        "user_pass_at_host_port": ["value": .string(String(decoding: userFirst.text, as: UTF8.self))],
    ]

    private static let auth = OPProxy.Wire.Auth(login: "u_6k8s9d", password: "p_2n4m6q")
    // 2026-05-18T12:34:56Z, and thirty days later.
    private static let bought = Instant(milliseconds: 1_779_107_696_000)
    private static let expires = Instant(milliseconds: 1_781_699_696_000)

    private static let service = OPProxy.Wire.Service(
        purchased: OPProxy.Wire.Purchased(
            serviceID: "65aa1100b2c3d4e5f6a7b8d0", type: "ipv4_rotating", threads: 100, expiresAt: expires,
            country: "mixed", rotation: "instant", auth: auth),
        status: "active", planID: "65a9f0c1b2c3d4e5f6a7b8c9", createdAt: bought)

    private static let list = OPProxy.ProxyList(
        serviceID: "65aa1100b2c3d4e5f6a7b8d0", type: "ipv4_rotating", country: "mixed",
        servers: [OPProxy.Wire.ProxyServer(host: "nl.gateway.example.com", port: 21001, country: "nl")],
        auth: auth, layout: .hostFirst)

    private static var userFirst: OPProxy.ProxyList {
        var list = list
        list.layout = .userFirst
        return list
    }

    private static let entry = OPProxy.Wire.LogEntry(
        id: "65aa1100b2c3d4e5f6a7b8d1", method: "POST", path: "/api/v1/purchase", status: 200,
        ip: "203.0.113.10", requestID: "7Q4Z0N4QJ8", createdAt: bought)
}
