internal import Primitives

extension OPProxy {
    /// The gateways of a service, as text lines or as JSON.
    struct ProxyList: Sendable, Hashable {
        var serviceID: String
        var type: String
        /// Where the service goes out: `mixed`, or a country.
        var country: String
        var servers: [Wire.ProxyServer]
        /// `nil` where lines are asked for without credentials, or there are none any more.
        var auth: Wire.Auth?
        var layout: Layout

        /// How a line is laid out (vendor, `GET /services/{id}/proxies`).
        enum Layout: String, Sendable, CaseIterable {
            case hostFirst = "host_port_user_pass"
            case userFirst = "user_pass_at_host_port"
        }

        enum Format: String, Sendable, CaseIterable {
            case txt, json
        }

        /// One line per gateway, each ended by a line feed; without credentials both layouts are `host:port`.
        var text: [UInt8] {
            var text = ""
            for server in servers {
                let place = "\(server.host):\(server.port)"
                switch (auth, layout) {
                case (nil, _): text += place
                case (let auth?, .hostFirst): text += "\(place):\(auth.login):\(auth.password)"
                case (let auth?, .userFirst): text += "\(auth.login):\(auth.password)@\(place)"
                }
                text += "\n"
            }
            return Array(text.utf8)
        }

        func write(to json: inout JSONWriter) {
            json.member("service_id", serviceID)
            json.member("type", type)
            json.member("country", country)
            json.array("servers", servers) { $0.write(auth, to: &$1) }
        }
    }
}
