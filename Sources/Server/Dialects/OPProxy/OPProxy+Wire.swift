internal import Primitives

extension OPProxy {
    static let jsonType = "application/json; charset=utf-8"
    static let textType = "text/plain; charset=utf-8"
    /// Every country at once (vendor, `GET /services/{id}/proxies`).
    static let anyCountry = "mixed"

    /// The shapes of the vendor's answers: members in the order of the vendor's own examples.
    enum Wire {}

    /// What is sold here, in the vendor's words; a plan's product is spelt the same way.
    enum ServiceType: String, Sendable, CaseIterable {
        case ipv4 = "ipv4_rotating"
        case ipv6 = "ipv6_rotating"
    }
}

extension OPProxy.Wire {
    struct Account: Sendable, Hashable {
        var username: String
        var email: String
        /// Whole units of the currency, rounded down.
        var balance: Int64
        var currency: String
    }

    struct Plan: Sendable, Hashable {
        var planID: String
        var type: String
        var name: String
        var threads: Int32
        var days: Int64
        /// Whole units of the currency.
        var price: Int64
        var currency: String
    }

    struct Auth: Sendable, Hashable {
        var login: String
        var password: String
    }

    struct WhitelistEntry: Sendable, Hashable {
        var ip: String
        var label: String
    }

    /// A service as a purchase answers it.
    struct Purchased: Sendable, Hashable {
        var serviceID: String
        var type: String
        var threads: Int32
        var expiresAt: Instant
        var country: String
        var rotation: String
        /// `nil` once the service's ports have gone back.
        var auth: Auth?
        var whitelist: [WhitelistEntry] = []
    }

    /// A service as the list and all changes answer it.
    struct Service: Sendable, Hashable {
        var purchased: Purchased
        var status: String
        var planID: String
        var createdAt: Instant
    }

    /// One gateway of a service.
    struct ProxyServer: Sendable, Hashable {
        var host: String
        var port: Int32
        var country: String
    }

    /// One entry of the request log.
    struct LogEntry: Sendable, Hashable {
        var id: String
        var method: String
        var path: String
        var status: Int
        var ip: String
        var requestID: String
        var createdAt: Instant
    }
}
