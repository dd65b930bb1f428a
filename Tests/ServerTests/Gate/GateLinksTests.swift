import Primitives
import Testing

@testable import Server

private let everything = Gate.Wire.Links.Source(
    host: "proxy.example.com", port: 12001, protocols: ["http", "socks5", "vless", "shadowsocks"],
    vlessPort: 12443,
    shadowsocksPort: 12388, username: "u_6k8s9d", password: "p_2n4m6q",
    vlessID: "7f3d9d4a-8b9f-4a93-9f55-2d5e3b7f1c24", shadowsocksKey: "YctPZ6U7xPPcU+gp3u/0tw==",
    label: "12001 - NL - Private")

@Suite("Gate links")
struct GateLinksTests {
    @Test func `every protocol has its link`() {
        let links = Gate.Wire.Links(everything)
        #expect(links.http == "http://u_6k8s9d:p_2n4m6q@proxy.example.com:12001")
        #expect(links.socks5 == "socks5://u_6k8s9d:p_2n4m6q@proxy.example.com:12001")
        #expect(
            links.vless == """
                vless://7f3d9d4a-8b9f-4a93-9f55-2d5e3b7f1c24@proxy.example.com:12443?encryption=none&type=tcp\
                #12001%20-%20NL%20-%20Private
                """)
    }

    /// SIP002: "for AEAD-2022 (SIP022), userinfo MUST NOT be encoded with Base64URL"; its parts are percent-encoded.
    @Test func `the shadowsocks link is SIP002's for a 2022 cipher`() {
        #expect(
            Gate.Wire.Links(everything).shadowsocks == """
                ss://2022-blake3-aes-128-gcm:YctPZ6U7xPPcU%2Bgp3u%2F0tw%3D%3D@proxy.example.com:12388\
                #12001%20-%20NL%20-%20Private
                """)
    }

    @Test func `only what the gateway serves is shown`() {
        var source = everything
        source.protocols = ["socks5"]
        #expect(
            Gate.Wire.Links(source)
                == Gate.Wire.Links(socks5: "socks5://u_6k8s9d:p_2n4m6q@proxy.example.com:12001"))
        source.protocols = ["vless", "shadowsocks"]
        source.vlessPort = nil
        source.shadowsocksPort = nil
        #expect(Gate.Wire.Links(source) == Gate.Wire.Links())
    }

    @Test func `an IPv6 host stands in brackets`() {
        var source = everything
        source.host = "2001:db8::7"
        let links = Gate.Wire.Links(source)
        #expect(links.http == "http://u_6k8s9d:p_2n4m6q@[2001:db8::7]:12001")
        #expect(links.vless?.contains("@[2001:db8::7]:12443?") == true)
        #expect(links.shadowsocks?.contains("@[2001:db8::7]:12388#") == true)
    }

    @Test func `credentials are percent-encoded`() {
        var source = everything
        source.username = "ü@:/?#[]"
        source.password = "p%q 7~-._"
        #expect(
            Gate.Wire.Links(source).http
                == "http://%C3%BC%40%3A%2F%3F%23%5B%5D:p%25q%207~-._@proxy.example.com:12001")
    }
}

@Suite("Gate rotate links")
struct GateRotateLinksTests {
    private let subscription = SubscriptionID(
        bits: IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 7))
    private let key = [UInt8](repeating: 7, count: 32)

    /// The links of one installation, as one tenant's door uses them.
    private struct Links {
        let links: Gate.RotateLinks
        let tenant: TenantID

        func token(for subscription: SubscriptionID) -> String { links.token(for: subscription, of: tenant) }

        func subscription(in token: String) -> SubscriptionID? { links.subscription(in: token, of: tenant) }
    }

    private func links(_ keys: [[UInt8]]? = nil, tenant: Int64 = 1) -> Links {
        Links(links: Gate.RotateLinks(installationKeys: keys ?? [key]), tenant: TenantID(tenant))
    }

    @Test func `a token names its subscription`() {
        let token = links().token(for: subscription)
        #expect(token.utf8.count == 37)
        #expect(token.hasPrefix(subscription.bits.base36String))
        #expect(links().subscription(in: token) == subscription)
        #expect(links().token(for: subscription) == token)
    }

    @Test func `every changed letter is noticed`() {
        let token = Array(links().token(for: subscription))
        for place in token.indices {
            var changed = token
            changed[place] = changed[place] == "0" ? "1" : "0"
            #expect(links().subscription(in: String(changed)) == nil, "letter \(place)")
        }
    }

    @Test(arguments: ["", "abcd1234", String(repeating: "0", count: 37), String(repeating: "z", count: 37)])
    func `a made-up token names nothing`(token: String) {
        #expect(links().subscription(in: token) == nil)
        #expect(links().subscription(in: links().token(for: subscription) + token + "0") == nil)
        #expect(links().subscription(in: links().token(for: subscription).uppercased()) == nil)
    }

    @Test func `a token of another tenant or installation names nothing`() {
        let token = links().token(for: subscription)
        #expect(links(tenant: 2).subscription(in: token) == nil)
        #expect(links([[UInt8](repeating: 8, count: 32)]).subscription(in: token) == nil)
    }

    @Test func `links made under the former installation key still work`() {
        let newer = [UInt8](repeating: 9, count: 32)
        let token = links().token(for: subscription)
        #expect(links([newer, key]).subscription(in: token) == subscription)
        #expect(links([newer, key]).token(for: subscription) != token)
    }
}
