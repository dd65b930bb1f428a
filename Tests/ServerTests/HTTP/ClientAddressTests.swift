import HTTPTypes
import Primitives
import Testing

@testable import Server

@Suite("Client addresses")
struct ClientAddressTests {
    private let addresses = ClientAddress(
        trustedProxies: ["10.0.0.0/24", "2001:db8:1::/64", "192.0.2.1"].map { NetworkPrefix($0)! })
    private let proxy = "10.0.0.9"

    private func client(_ peer: String, _ lines: [String]) -> String {
        var headers = HTTPFields()
        for line in lines { headers.append(HTTPField(name: HTTPField.Name("X-Forwarded-For")!, value: line)) }
        return addresses.of(peer: peer, headers)
    }

    @Test(arguments: [
        ([], "10.0.0.9"), ([""], "10.0.0.9"), ([" , ,, "], "10.0.0.9"), (["203.0.113.9"], "203.0.113.9"),
        // What stands left of the first stranger was written by that stranger.
        (["6.6.6.6, 203.0.113.9"], "203.0.113.9"), (["6.6.6.6,203.0.113.9,10.0.0.1"], "203.0.113.9"),
        (["10.0.0.1, 203.0.113.9, 10.0.0.2"], "203.0.113.9"), (["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
        // Several lines are one list, in their order.
        (["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9", "10.0.0.2", ""], "203.0.113.9"),
        // Where a proxy of ours wrote what is no address, that proxy is the last that is known of.
        (["203.0.113.9, <script>"], "10.0.0.9"), (["203.0.113.9, unknown, 10.0.0.2"], "10.0.0.2"),
        (["6.6.6.6, 1 0.0.0.1"], "10.0.0.9"), (["6.6.6.6, 010.0.0.1"], "10.0.0.9"),
        (["6.6.6.6, 127.1"], "10.0.0.9"),
        (["6.6.6.6; 203.0.113.9"], "10.0.0.9"), (["6.6.6.6\u{600},203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6,\u{301}203.0.113.9"], "10.0.0.9"), (["6.6.6.6 203.0.113.9"], "10.0.0.9"),
        // Ports, brackets, zones, disguises.
        (["203.0.113.9:4711"], "203.0.113.9"), (["[2001:db8:2::1]:443"], "2001:db8:2::1"),
        (["[2001:db8:2::1]"], "2001:db8:2::1"), (["2001:DB8:2:0::1"], "2001:db8:2::1"),
        (["fe80::1%eth0"], "fe80::1"),
        (["[fe80::1%25eth0]:80"], "fe80::1"), (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6, ::ffff:10.0.0.1"], "6.6.6.6"), (["6.6.6.6, 2001:db8:1::7"], "6.6.6.6"),
        (["6.6.6.6, [2001:db8:1::7]:80, 10.0.0.1:80"], "6.6.6.6"), (["203.0.113.9:"], "10.0.0.9"),
        (["203.0.113.9:port"], "10.0.0.9"), (["[203.0.113.9]"], "10.0.0.9"), (["[::1"], "10.0.0.9"),
        (["[::1]x"], "10.0.0.9"), (["203.0.113.9%eth0"], "10.0.0.9"), (["fe80::1%"], "10.0.0.9"),
    ])
    func `a chain is followed over our own proxies to the first that is not one`(
        lines: [String], client: String
    ) {
        #expect(self.client(proxy, lines) == client)
    }

    @Test(arguments: [
        ("203.0.113.9", "203.0.113.9"), ("10.0.1.9", "10.0.1.9"), ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1"), ("", ""), ("/run/socket", "/run/socket"),
    ])
    func `whoever is no proxy of ours may write what they like`(peer: String, client: String) {
        for line in ["6.6.6.6", "10.0.0.1", "127.0.0.1, ::1", "x", ""] {
            #expect(self.client(peer, [line]) == client)
        }
    }

    @Test(arguments: ["192.0.2.1", "::ffff:192.0.2.1", "10.0.0.255", "2001:db8:1::ffff%eth1"])
    func `a proxy is known by its address, however it is written`(peer: String) {
        #expect(client(peer, ["6.6.6.6, 203.0.113.9"]) == "203.0.113.9")
    }

    @Test func `a thousand hops are followed, and a forged one among them ends it`() {
        let ours = (0..<1_000).map { "10.0.0.\($0 % 256)" }
        #expect(client(proxy, [(["203.0.113.9"] + ours).joined(separator: ", ")]) == "203.0.113.9")
        #expect(client(proxy, ["203.0.113.9"] + ours) == "203.0.113.9")
        let forged = ["203.0.113.9"] + ours + ["6.6.6.6"] + ours
        #expect(client(proxy, [forged.joined(separator: ",")]) == "6.6.6.6")
    }

    @Test func `with no proxy of ours nothing is believed`() {
        var headers = HTTPFields()
        headers[HTTPField.Name("X-Forwarded-For")!] = "203.0.113.9"
        #expect(ClientAddress(trustedProxies: []).of(peer: "127.0.0.1", headers) == "127.0.0.1")
    }
}
