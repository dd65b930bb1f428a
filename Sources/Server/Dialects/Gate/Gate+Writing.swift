internal import Primitives

// Members stand in the order of the vendor's examples; instants are milliseconds, money is minor units.

extension Gate.Wire.Plan {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("connectionType", connectionType)
        json.member("durationMs", durationMs)
        json.member("priceAmountCents", priceAmountCents)
        json.member("popular", popular)
        json.key("network")
        json.beginObject()
        json.member("name", network.name)
        json.member("city", network.city)
        json.member("country", network.country)
        json.member("networkType", network.networkType)
        json.endObject()
        json.endObject()
    }
}

extension Gate.Wire.RenewalPlan {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("connectionType", connectionType)
        json.member("durationMs", durationMs)
        json.member("priceAmountCents", priceAmountCents)
        json.endObject()
    }
}

extension Gate.Wire.Network {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", id)
        json.member("networkLabel", networkLabel)
        json.member("country", country)
        json.endObject()
    }
}

extension Gate.Wire.Subscription {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("subscriptionId", subscriptionId)
        json.member("status", status)
        json.member("activeUntil", activeUntil)
        json.member("userNote", nullable: userNote)
        json.member("rotationPolicy", rotationPolicy)
        json.member("label", label)
        json.member("networkLabel", networkLabel)
        json.key("credentials")
        json.beginObject()
        json.member("username", username)
        json.member("password", password)
        json.endObject()
        json.key("protocols")
        protocols.write(to: &json)
        json.key("rotate")
        json.beginObject()
        json.member("rotatePath", rotatePath)
        json.member("available", rotateAvailable)
        json.endObject()
        json.endObject()
    }
}

extension Gate.Wire.Links {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if let http { json.member("http", http) }
        if let socks5 { json.member("socks5", socks5) }
        if let vless { json.member("vless", vless) }
        if let shadowsocks { json.member("shadowsocks", shadowsocks) }
        json.endObject()
    }
}
