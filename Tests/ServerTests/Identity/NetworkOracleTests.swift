import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Addresses and networks, as Python reads them")
struct NetworkOracleTests {
    private static let seeds = [
        "192.0.2.7", "10.0.0.0/8", "0.0.0.0/0", "255.255.255.255/32", "2001:db8::1", "2001:db8::/32", "::/0",
        "::1/128",
        "::ffff:10.0.0.0/104", "::ffff:192.0.2.7", "1:2:3:4:5:6:7:8", "1::8", "fe80::/10",
        "1:2:3:4:5:6:1.2.3.4",
    ]

    @Test func `thousands of texts are read and refused as by Python's ipaddress`() async throws {
        var mutator = Mutator(
            corpus: Self.seeds.map { Array($0.utf8) },
            words: [":", "::", ".", "/", "0", "ffff", "1", "12", "/64"],
            seed: 20_260_131)
        var random = SplitMix64(seed: 20_260_131)
        var lines: [String] = []
        while lines.count < 20_000 {
            let text =
                lines.count.isMultiple(of: 2)
                ? String(decoding: mutator.next().prefix(60), as: UTF8.self) : Self.network(&random)
            guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { continue }
            let network = NetworkPrefix(text)
            let address = network.map { Self.neighbour(of: $0, &random) } ?? NetworkAddress("::")!
            let isHeld = network?.contains(address) ?? false
            lines.append("\(text)\t\(network?.description ?? "-")\t\(address)\t\(isHeld ? 1 : 0)")
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "networks-\(UUID().uuidString)")
        try lines.joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await Python.run(
            ["\(TestPaths.repository)/Tests/python/network_oracle.py", file.path(percentEncoded: false)],
            needing: "ipaddress")
    }

    /// One that is good, or nearly.
    private static func network(_ random: inout SplitMix64) -> String {
        let words = (0..<8).map { _ in
            Bool.random(using: &random) ? 0 : UInt16.random(in: 0...UInt16.max, using: &random)
        }
        let isIPv4 = Bool.random(using: &random)
        let text =
            isIPv4
            ? words.prefix(4).map { String($0 & 0xFF) }.joined(separator: ".")
            : words.map { String($0, radix: 16) }.joined(separator: ":")
        let length = Int.random(in: 0...(isIPv4 ? 34 : 130), using: &random)
        guard let address = NetworkAddress(text), length <= (isIPv4 ? 32 : 128), Bool.random(using: &random)
        else {
            return "\(text)/\(length)"
        }
        return NetworkPrefix(of: address, length: length).description
    }

    /// An address that lies in it, or a little beside it.
    private static func neighbour(of network: NetworkPrefix, _ random: inout SplitMix64) -> NetworkAddress {
        let isIPv4 = network.address.isIPv4
        let shorter = NetworkPrefix(of: network.address, length: max(0, network.length - 1)).address
        let words = (0..<8).map { _ in String(UInt16.random(in: 0...UInt16.max, using: &random), radix: 16) }
        let far = isIPv4 ? "10.\(Int.random(in: 0...255, using: &random)).0.1" : words.joined(separator: ":")
        return [network.address, shorter, NetworkAddress(far)!].randomElement(using: &random)!
    }
}
