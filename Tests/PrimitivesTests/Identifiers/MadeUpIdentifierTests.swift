import Primitives
import Testing

@Suite("Made-up ids")
struct MadeUpIdentifierTests {
    @Test func `whichever bit is flipped, the id is no longer ours`() async {
        await forAll(200) { generator in
            let bits = generator.anyIdentifierBits()
            try holds(bits.isGenuine, "\(bits)")
            for bit in 0..<128 {
                let high = bit < 64 ? bits.high ^ 1 << UInt64(bit) : bits.high
                let low = bit >= 64 ? bits.low ^ 1 << UInt64(bit - 64) : bits.low
                try holds(!IdentifierBits(high: high, low: low).isGenuine, "bit \(bit) of \(bits)")
            }
        }
    }

    @Test func `random bits are no id in any spelling that has a check`() async {
        await forAll(20_000) { generator in
            let random = IdentifierBits(high: generator.next(), low: generator.next())
            try holds(!random.isGenuine, "\(random)")
            try same(IdentifierBits(uuidString: random.uuidString), nil)
            try same(IdentifierBits(ulidString: random.ulidString), nil)
            let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz")
            let text = String((0..<24).map { _ in generator.pick(letters) })
            try same(IdentifierBits(base36String: text), nil)
        }
    }

    @Test func `one character mistyped is noticed`() async {
        await forAll { generator in
            let bits = generator.anyIdentifierBits()
            let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
            var text = Array(bits.base36String.utf8)
            let place = Int(generator.integer(0...23))
            let wrong = generator.pick(letters)
            guard wrong != text[place] else { return }
            text[place] = wrong
            try same(IdentifierBits(base36String: String(decoding: text, as: UTF8.self)), nil)
        }
    }

    @Test(arguments: [
        "", "-", "019c1159-7000-7123-9159-e26af0138a2", "019c1159-7000-7123-9159-e26af0138a2ff",
        "019c1159700071239159e26af0138a2f", "{019c1159-7000-7123-9159-e26af0138a2f}",
        "019c1159-7000-7123-9159_e26af0138a2f",
        "019c1159-7000-7123-9159-e26af0138a2g", " 019c1159-7000-7123-9159-e26af0138a2f",
        "00000000-0000-0000-0000-000000000000",
        "０19c1159-7000-7123-9159-e26af0138a2f", "01xgws6lp54c5h0hfrdo6ko", "01XGWS6LP54C5H0HFRDO6KOF",
        "zzzzzzzzzzzzzzzzzzzzzzzz", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01KG8NJW00E4HS2PF2DBR172HI",
        "01KG8NJW00E4HS2PF2DBR172H",
        "019c11597000123456789abg", "019c11597000123456789ab",
    ])
    func `what no writer of ours wrote is refused`(text: String) {
        #expect(IdentifierBits(uuidString: text) == nil)
        #expect(IdentifierBits(base36String: text) == nil)
        #expect(IdentifierBits(ulidString: text) == nil)
        if text.utf8.count != 24 || text.hasSuffix("g") { #expect(IdentifierBits(hexString: text) == nil) }
    }

    /// 26 digits hold 130 bits; the two in front must not fall off unnoticed.
    @Test(arguments: ["8", "9", "A", "G", "Z"])
    func `a ULID past 128 bits is no other spelling of a smaller one`(first: String) {
        let bits = IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 7)
        #expect(bits.ulidString.hasPrefix("0"))
        #expect(IdentifierBits(ulidString: first + bits.ulidString.dropFirst()) == nil)
    }

    @Test func `zero is nobody's id`() {
        #expect(!IdentifierBits.zero.isGenuine)
    }

    @Test func `random text never crashes a parser`() async {
        await forAll { generator in
            let text = String(
                decoding: (0..<generator.integer(0...40)).map { _ in UInt8(generator.next() & 0xFF) },
                as: UTF8.self)
            _ = IdentifierBits(uuidString: text)
            _ = IdentifierBits(hexString: text)
            _ = IdentifierBits(base36String: text)
            try same(IdentifierBits(ulidString: text), nil)
        }
    }
}
