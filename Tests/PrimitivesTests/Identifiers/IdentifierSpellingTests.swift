import Foundation
import Primitives
import Testing

@Suite("Spellings of an id")
struct IdentifierSpellingTests {
    @Test func `every id survives each of its spellings`() async {
        await forAll(20_000) { generator in
            let bits = generator.anyIdentifierBits()
            try same(IdentifierBits(uuidString: bits.uuidString), bits)
            try same(IdentifierBits(uuidString: bits.uuidString.uppercased()), bits)
            try same(IdentifierBits(hexString: bits.hexString), bits)
            try same(IdentifierBits(hexString: bits.hexString.uppercased()), bits)
            try same(IdentifierBits(base36String: bits.base36String), bits)
            try same(IdentifierBits(ulidString: bits.ulidString), bits)
            try same(IdentifierBits(ulidString: bits.ulidString.lowercased()), bits)
        }
    }

    @Test func `each spelling has its length and alphabet`() async {
        await forAll { generator in
            let bits = generator.anyIdentifierBits()
            try holds(
                bits.uuidString.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil,
                bits.uuidString)
            try holds(bits.hexString.wholeMatch(of: /[0-9a-f]{24}/) != nil, bits.hexString)
            try holds(bits.base36String.wholeMatch(of: /[0-9a-z]{24}/) != nil, bits.base36String)
            try holds(bits.ulidString.wholeMatch(of: /[0-7][0-9A-HJKMNP-TV-Z]{25}/) != nil, bits.ulidString)
        }
    }

    /// RFC 9562 §5.7: version 7, variant 10, and 48 bits of Unix milliseconds in front.
    @Test func `the UUID is of version seven and tells the time`() async {
        await forAll { generator in
            let time = generator.next() >> 16
            let bits = IdentifierBits(milliseconds: time, sequence: generator.next())
            let uuid = try #require(UUID(uuidString: bits.uuidString))
            try same(uuid.uuid.6 >> 4, 7)
            try same(uuid.uuid.8 >> 6, 0b10)
            try same(bits.milliseconds, time)
            try same(UInt64(bits.uuidString.filter { $0 != "-" }.prefix(12), radix: 16), time)
        }
    }

    @Test func `every spelling but the check value of base 36 sorts like the bits`() async {
        await forAll { generator in
            let (a, b) = (generator.anyIdentifierBits(), generator.anyIdentifierBits())
            try same(a.uuidString < b.uuidString, a < b)
            try same(a.ulidString < b.ulidString, a < b)
            try same(a.hexString < b.hexString, a < b)
            try same(a.base36String < b.base36String, a < b)
        }
    }

    @Test(
        arguments: [
            (UInt64(0), UInt64(0)), (0xFFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF), (0, 1), (1, 0),
            (0x019B_0000_0000, 0x8000_0000_0000),
        ] as [(UInt64, UInt64)])
    func `the first and the last id of all`(time: UInt64, sequence: UInt64) {
        let bits = IdentifierBits(milliseconds: time, sequence: sequence)
        #expect(bits.milliseconds == time)
        #expect(bits.sequence == sequence)
        #expect(IdentifierBits(uuidString: bits.uuidString) == bits)
        #expect(IdentifierBits(hexString: bits.hexString) == bits)
        #expect(IdentifierBits(base36String: bits.base36String) == bits)
        #expect(IdentifierBits(ulidString: bits.ulidString) == bits)
    }

    /// The spellings are part of the contract with customers: they never change for an id that exists.
    @Test func `one id as it was spelt on the first day`() {
        let bits = IdentifierBits(milliseconds: 1_769_817_600_000, sequence: 0x1234_5678_9ABC)
        #expect(bits.hexString == "019c11597000123456789abc")
        #expect(bits.uuidString == "019c1159-7000-7123-9159-e26af0138a2f")
        #expect(bits.ulidString == "01KG8NJW00E4HS2PF2DBR172HF")
        #expect(bits.base36String == "01xgws6lp54c5h0hfrdo6kof")
    }
}
