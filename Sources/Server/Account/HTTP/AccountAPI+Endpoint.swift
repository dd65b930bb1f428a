internal import HTTPTypes

extension AccountAPI {
    /// What a route of the table is for: the document's operation ids.
    enum Endpoint: String, Sendable, CaseIterable {
        case createSession, endSessions
        case getMe, changePassword, beginAuthenticator, confirmAuthenticator, removeAuthenticator,
            renewRecoveryCodes
        case listKeys, createKey, revokeKey
        case getBalance, listStatement, listOrders, getOrder, getReceipt
        case listSubscriptions, getSubscription, changeSubscription, previewRenewal, previewOrder
        case listTopUps, createTopUp, getTopUp, getAutoTopUp, setAutoTopUp, stopAutoTopUp
        case getDocument
    }

    /// What a role has to allow.
    enum Right: Sendable, CaseIterable {
        /// Nobody has to be signed in.
        case anybody
        /// What is one's own: sessions, password, authenticator.
        case own
        /// What the customer has: money, orders, subscriptions.
        case look
        /// What the customer has, where it costs nothing to change.
        case change
        case keys
        /// What moves money when nobody is there.
        case funds

        func isGranted(to role: SessionRole) -> Bool {
            switch (self, role) {
            case (.anybody, _), (.own, _), (.look, _): true
            case (.change, .admin), (.change, .editor), (.keys, .admin), (.keys, .editor), (.funds, .admin):
                true
            case (.change, .viewer), (.keys, .viewer), (.funds, .editor), (.funds, .viewer): false
            }
        }
    }
}

extension AccountAPI.Endpoint {
    var route: Route {
        let (method, path) = place
        return Route(method, path, rawValue)
    }

    var place: (method: HTTPRequest.Method, path: String) {
        switch self {
        case .createSession: (.post, "/v1/sessions")
        case .endSessions: (.delete, "/v1/sessions")
        case .getMe: (.get, "/v1/me")
        case .changePassword: (.put, "/v1/me/password")
        case .beginAuthenticator: (.post, "/v1/me/totp")
        case .confirmAuthenticator: (.post, "/v1/me/totp/confirm")
        case .removeAuthenticator: (.delete, "/v1/me/totp")
        case .renewRecoveryCodes: (.post, "/v1/me/totp/recovery-codes")
        case .listKeys: (.get, "/v1/keys")
        case .createKey: (.post, "/v1/keys")
        case .revokeKey: (.delete, "/v1/keys/{id}")
        case .getBalance: (.get, "/v1/balance")
        case .listStatement: (.get, "/v1/statement")
        case .listOrders: (.get, "/v1/orders")
        case .getOrder: (.get, "/v1/orders/{id}")
        case .getReceipt: (.get, "/v1/orders/{id}/receipt")
        case .listSubscriptions: (.get, "/v1/subscriptions")
        case .getSubscription: (.get, "/v1/subscriptions/{id}")
        case .changeSubscription: (.patch, "/v1/subscriptions/{id}")
        case .previewRenewal: (.get, "/v1/subscriptions/{id}/renewal")
        case .previewOrder: (.post, "/v1/coupons/preview")
        case .listTopUps: (.get, "/v1/top-ups")
        case .createTopUp: (.post, "/v1/top-ups")
        case .getTopUp: (.get, "/v1/top-ups/{id}")
        case .getAutoTopUp: (.get, "/v1/auto-top-up")
        case .setAutoTopUp: (.put, "/v1/auto-top-up")
        case .stopAutoTopUp: (.delete, "/v1/auto-top-up")
        case .getDocument: (.get, "/v1/openapi.json")
        }
    }

    var right: AccountAPI.Right {
        switch self {
        case .createSession, .getDocument: .anybody
        case .endSessions, .getMe, .changePassword, .beginAuthenticator, .confirmAuthenticator,
            .removeAuthenticator, .renewRecoveryCodes:
            .own
        case .getBalance, .listStatement, .listOrders, .getOrder, .getReceipt, .listSubscriptions,
            .getSubscription,
            .previewRenewal, .previewOrder, .listTopUps, .getTopUp, .getAutoTopUp:
            .look
        case .changeSubscription, .createTopUp: .change
        case .setAutoTopUp, .stopAutoTopUp: .funds
        case .listKeys, .createKey, .revokeKey: .keys
        }
    }
}
