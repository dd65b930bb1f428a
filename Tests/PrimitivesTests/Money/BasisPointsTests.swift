import Primitives
import Testing

@Suite("Basis points")
struct BasisPointsTests {
    @Test(arguments: [Int32(0), 1, 9_999, 10_000])
    func `from nothing to all`(value: Int32) {
        #expect(BasisPoints(value)?.value == value)
    }

    @Test(arguments: [Int32.min, -1, 10_001, .max])
    func `less than nothing and more than all are refused`(value: Int32) {
        #expect(BasisPoints(value) == nil)
    }

    @Test(
        arguments: [
            ("20", Int32(2_000)), ("12.5", 1_250), ("0.01", 1), ("100", 10_000), ("100.00", 10_000), ("0", 0),
        ] as [(String, Int32)])
    func `percentages have two decimals`(text: String, value: Int32) {
        #expect(BasisPoints(percent: text)?.value == value)
    }

    @Test(arguments: [
        "", "%", "20%", "0.001", "100.01", "-1", "101", "1e1", "42949672.97", "92233720368547758.07",
    ])
    func `what is no percentage is refused`(text: String) {
        #expect(BasisPoints(percent: text) == nil)
    }

    @Test func `they are ordered by value`() {
        #expect(BasisPoints(1)! < BasisPoints(2)!)
        #expect(!(BasisPoints(2)! < BasisPoints(2)!))
    }
}
