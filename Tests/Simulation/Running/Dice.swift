internal import Primitives

/// Chance from a seed: the same in every run and on every machine.
struct Dice {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func seed() -> UInt64 { generator.next() }

    /// 0 ..< `bound`.
    mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

    /// `low` ... `high`.
    mutating func number(_ low: Int64, _ high: Int64) -> Int64 {
        low + Int64(generator.next() % UInt64(high - low + 1))
    }

    /// True in so many of a hundred cases.
    mutating func percent(_ share: Int) -> Bool { below(100) < share }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    mutating func pickAny<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : pick(elements)
    }
}
