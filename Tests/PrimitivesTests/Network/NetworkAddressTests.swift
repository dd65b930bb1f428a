import Primitives
import Testing

@Suite("Network addresses")
struct NetworkAddressTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::00A1", "2001:db8::a1"),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        // RFC 5952 §4.2: the longest run, the first of two, and no run of one.
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("0:0:0:0:0:0:0:0", "::"),
        ("::192.0.2.7", "::c000:207"), ("64:ff9b::192.0.2.7", "64:ff9b::c000:207"),
        ("1:2:3:4:5:6:192.0.2.7", "1:2:3:4:5:6:c000:207"),
    ])
    func `an address has one spelling, however it is written`(text: String, spelling: String) {
        #expect(NetworkAddress(text)?.description == spelling)
    }

    @Test(arguments: ["::ffff:192.0.2.7", "::FFFF:c000:207", "0:0:0:0:0:ffff:192.0.2.7"])
    func `an IPv4 address in IPv6's clothes is the IPv4 address`(text: String) {
        #expect(NetworkAddress(text) == NetworkAddress("192.0.2.7"))
        #expect(NetworkAddress(text)?.isIPv4 == true)
    }

    @Test(arguments: [
        "", " ", "1", "1.2.3", "127.1", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "00.0.0.0",
        "0x7f.0.0.1",
        "1.2.3.-4", "+1.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n", "1.2.3.4\u{0}", "1..3.4", "1.2.3.",
        "１.2.3.4",
        ":", ":::", "1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7::8",
        "::1:2:3:4:5:6:7:8",
        "12345::", "::g", "::-1", "::+1", "1.2.3.4::", "::1.2.3.4:5", "::1.2.3", "::1.2.3.04", ":1::2",
        "1::2:",
        "fe80::1%eth0", "[::1]", "::1/128", "1.2.3.4/32", "1.2.3.4:80", "2130706433",
        "0000:0000:0000:0000:0000:0000:255.255.255.2555",
    ])
    func `what is no address, or one that could be read in two ways, is refused`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func `every address is read again from its spelling, which is short and small`() async {
        await forAll { generator in
            let address = generator.anyAddress()
            let text = address.description
            try same(NetworkAddress(text), address)
            try same(NetworkAddress(text.uppercased()), address)
            try holds(text.utf8.count <= 39 && text == text.lowercased(), text)
        }
    }
}
