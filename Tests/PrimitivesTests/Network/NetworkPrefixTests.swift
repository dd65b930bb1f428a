import Primitives
import Testing

@Suite("Networks and allow lists")
struct NetworkPrefixTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.7", "192.0.2.7"), ("192.0.2.7/32", "192.0.2.7"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8::/32", "2001:db8::/32"), ("::1/128", "::1"), ("::/0", "::/0"), ("fe80::/10", "fe80::/10"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
    ])
    func `a network has one spelling`(text: String, spelling: String) {
        #expect(NetworkPrefix(text)?.description == spelling)
    }

    @Test(arguments: [
        ("10.0.0.1/8", "10.0.0.0/8"), ("192.0.2.7/31", "192.0.2.6/31"), ("1.0.0.0/0", "0.0.0.0/0"),
        ("2001:db8::1/64", "2001:db8::/64"), ("::ffff:10.0.0.1/104", "10.0.0.0/8"),
        ("::ffff:0:0/95", "::fffe:0:0/95"),
    ])
    func `bits beyond the length are refused, and the network that was meant is named`(
        text: String, meant: String
    ) {
        #expect {
            try NetworkPrefix(parsing: text)
        } throws: {
            $0 as? NetworkPrefix.Problem == .hostBitsSet(NetworkPrefix(meant)!)
        }
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
        "10.0.0.0/8/8", "10/8",
        "10.0.0.0/8 ", "10.0.0.0 /8", "10.0.0.0/255.0.0.0", "::/129", "::/1000", "::/١", "fe80::%eth0/64",
        "010.0.0.0/8",
        "*", "any", "localhost",
    ])
    func `what is no network is refused`(text: String) {
        #expect(throws: NetworkPrefix.Problem.malformed) { try NetworkPrefix(parsing: text) }
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.0.0.0/8", "9.255.255.255", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false),
        ("0.0.0.0/0", "255.255.255.255", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("::/0", "ffff::1", true),
        // Two families: all of one holds nothing of the other, unless it is IPv4 in disguise.
        ("::/0", "192.0.2.7", false), ("::/0", "::ffff:192.0.2.7", false), ("0.0.0.0/0", "::1", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.0/104", "10.1.2.3", true),
    ])
    func `a network holds the addresses that begin like it`(
        network: String, address: String, isHeld: Bool
    ) throws {
        let prefix = try #require(NetworkPrefix(network))
        #expect(prefix.contains(try #require(NetworkAddress(address))) == isHeld)
    }

    @Test func `the network of an address holds it, ends where its length says, and is read again`() async {
        await forAll { generator in
            let address = generator.anyAddress()
            let width = address.isIPv4 ? 32 : 128
            let length = Int(generator.integer(0...Int64(width)))
            let network = NetworkPrefix(of: address, length: length)
            try holds(network.contains(address), "\(network) does not hold \(address)")
            try same(NetworkPrefix(network.description), network)
            guard length > 0 else { return }
            let halves = [
                NetworkPrefix(of: address, length: length), NetworkPrefix(of: address, length: length - 1),
            ]
            try holds(halves[1].contains(halves[0].address), "\(halves[1]) does not hold \(halves[0])")
            let other = generator.anyAddress()
            let isNear = network.contains(other)
            try same(
                isNear, NetworkPrefix(of: other, length: min(length, other.isIPv4 ? 32 : 128)) == network,
                "\(other)")
        }
    }

    @Test func `an allow list has one order, each network once, and never none`() throws {
        let texts = ["2001:db8::/32", "10.0.0.0/8", "192.0.2.7", "10.0.0.0/8", "10.0.0.0/16"]
        let list = try #require(AllowList(texts.compactMap { NetworkPrefix($0) }))
        #expect(list.description == "10.0.0.0/8, 10.0.0.0/16, 192.0.2.7, 2001:db8::/32")
        #expect(AllowList([NetworkPrefix]()) == nil)
        let many = (0...AllowList.networksMax).map { NetworkPrefix("10.0.0.\($0)")! }
        #expect(AllowList(many) == nil)
        #expect(AllowList(many.dropFirst()) != nil)
        for (address, isAllowed) in [
            ("10.9.9.9", true), ("2001:db8::1", true), ("192.0.2.8", false), ("::1", false),
        ] {
            #expect(list.allows(try #require(NetworkAddress(address))) == isAllowed, "\(address)")
        }
    }
}

extension SplitMix64 {
    /// Of both families, with zeros and neighbours far too often.
    mutating func anyAddress() -> NetworkAddress {
        let words = (0..<8).map { _ in
            chance(oneIn: 2) ? 0 : UInt16(truncatingIfNeeded: next()) >> integer(0...15)
        }
        let text =
            chance(oneIn: 2)
            ? words.prefix(4).map { String($0 & 0xFF) }.joined(separator: ".")
            : words.map { String($0, radix: 16) }.joined(separator: ":")
        return NetworkAddress(text)!
    }
}
