internal import Primitives

/// A service as an answer of OP-Proxy shows it: of a command, or of the list.
struct ServiceAnswer: Sendable {
    struct Login: Sendable, Hashable {
        var login: String
        var password: String

        init?(_ json: JSON?) {
            guard let login = json?["login"]?.stringValue, let password = json?["password"]?.stringValue,
                !login.isEmpty, !password.isEmpty
            else { return nil }
            (self.login, self.password) = (login, password)
        }
    }

    var id: IdentifierBits
    var login: Login
    /// What is there of it beside its login; `nil` where only the login was changed.
    var shape: Shape?

    struct Shape: Sendable {
        var type: String
        var expiresAt: Instant
        var country: String
        var rotation: String
        var whitelist: [String]
    }

    /// What `POST /services/{id}/credentials` and everything else answers.
    init?(_ body: [UInt8]) {
        guard let json = try? JSON.parse(body), json["status"]?.stringValue == "ok", let data = json["data"]
        else { return nil }
        self.init(data)
    }

    init?(_ data: JSON) {
        guard let id = data["service_id"]?.stringValue.flatMap(IdentifierBits.init(hexString:)),
            let login = Login(data["auth"])
        else { return nil }
        (self.id, self.login) = (id, login)
        guard data["expires_at"] != nil else { return }
        guard let type = data["type"]?.stringValue,
            let expiresAt = data["expires_at"]?.stringValue.flatMap({ Instant(rfc3339: $0) }),
            let country = data["country"]?.stringValue, let rotation = data["rotation"]?.stringValue,
            let whitelist = data["whitelist"]?.arrayValue
        else { return nil }
        shape = Shape(
            type: type, expiresAt: expiresAt, country: country, rotation: rotation,
            whitelist: whitelist.compactMap(\.stringValue))
    }
}
