internal import Primitives

// Members stand in the order of the vendor's examples; what the vendor does not show stands behind.

extension OPProxy.Wire.Account {
    func write(to json: inout JSONWriter) {
        json.member("username", username)
        json.member("email", email)
        json.member("balance", balance)
        json.member("currency", currency)
    }
}

extension OPProxy.Wire.Plan {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("plan_id", planID)
        json.member("type", type)
        json.member("name", name)
        json.member("threads", threads)
        json.member("days", days)
        json.member("price", price)
        json.member("currency", currency)
        json.endObject()
    }
}

extension OPProxy.Wire.Purchased {
    func write(to json: inout JSONWriter) {
        json.member("service_id", serviceID)
        json.member("type", type)
        json.member("threads", threads)
        json.member("expires_at", expiresAt.rfc3339())
        json.member("country", country)
        json.member("rotation", rotation)
        json.key("auth")
        if let auth { auth.write(to: &json) } else { json.null() }
        json.array("whitelist", whitelist) { $1.string($0.ip) }
    }
}

extension OPProxy.Wire.Auth {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("login", login)
        json.member("password", password)
        json.endObject()
    }
}

extension OPProxy.Wire.Service {
    func write(to json: inout JSONWriter) {
        purchased.write(to: &json)
        json.array("whitelist_labels", purchased.whitelist) { $1.string($0.label) }
        json.member("status", status)
        json.member("plan_id", planID)
        json.member("created_at", createdAt.rfc3339())
    }
}

extension OPProxy.Wire.ProxyServer {
    func write(_ auth: OPProxy.Wire.Auth?, to json: inout JSONWriter) {
        json.beginObject()
        json.member("host", host)
        json.member("port", port)
        json.member("country", country)
        if let auth {
            json.member("login", auth.login)
            json.member("password", auth.password)
        }
        json.endObject()
    }
}

extension OPProxy.Wire.LogEntry {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("method", method)
        json.member("path", path)
        json.member("status", status)
        json.member("ip", ip)
        json.member("request_id", requestID)
        json.member("created_at", createdAt.rfc3339())
        json.endObject()
    }
}
