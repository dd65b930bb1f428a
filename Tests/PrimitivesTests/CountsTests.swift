import Primitives
import Testing

@Suite("Counts")
struct CountsTests {
    @Test(arguments: [Int64(1), 2, 99, 100])
    func `a quantity up to a hundred`(value: Int64) {
        #expect((Quantity(value)?.value).map(Int64.init) == value)
    }

    @Test(arguments: [Int64.min, -1, 0, 101, 4_294_967_297, .max])
    func `no quantity below one or past the cap, not even one that would wrap round`(value: Int64) {
        #expect(Quantity(value) == nil)
    }

    @Test(arguments: [Int64(1), 2, 119, 120])
    func `a repeat count up to a hundred and twenty`(value: Int64) {
        #expect((RepeatCount(value)?.value).map(Int64.init) == value)
    }

    @Test(arguments: [Int64.min, -1, 0, 121, 4_294_967_297, .max])
    func `no repeat count below one or past the cap`(value: Int64) {
        #expect(RepeatCount(value) == nil)
    }

    @Test(arguments: [Int64(1), 80, 65_535])
    func `a port`(value: Int64) {
        #expect(PortNumber(value)?.description == String(value))
    }

    @Test(arguments: [Int64.min, -1, 0, 65_536, 4_294_967_376, .max])
    func `no port outside sixteen bits`(value: Int64) {
        #expect(PortNumber(value) == nil)
    }

    @Test func `one is one, and ports are ordered`() {
        #expect(Quantity.one == Quantity(1))
        #expect(RepeatCount.one == RepeatCount(1))
        #expect(PortNumber(80)! < PortNumber(443)!)
    }

    @Test func `any number is a count exactly when it is within the bounds`() async {
        await forAll { generator in
            let value = generator.anyInt64()
            try same(Quantity(value) != nil, value >= 1 && value <= Int64(Quantity.cap), "\(value)")
            try same(RepeatCount(value) != nil, value >= 1 && value <= Int64(RepeatCount.cap), "\(value)")
            try same(PortNumber(value) != nil, value >= 1 && value <= 65_535, "\(value)")
        }
    }
}
