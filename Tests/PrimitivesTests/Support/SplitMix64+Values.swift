import Primitives

extension SplitMix64 {
    mutating func pick<Choices: RandomAccessCollection>(_ choices: Choices) -> Choices.Element {
        choices.randomElement(using: &self)!
    }

    mutating func integer(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }

    mutating func chance(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    /// Any Int64, of every magnitude equally often, with the bounds and their neighbours far too often.
    mutating func anyInt64() -> Int64 {
        switch integer(0...7) {
        case 0: pick([.min, .min + 1, .max, .max - 1, 0, 1, -1, 10, -10, 3_037_000_499, 3_037_000_500])
        case 1: integer(-1000...1000)
        default: Int64(bitPattern: next()) >> integer(0...62)
        }
    }

    mutating func anyIdentifierBits() -> IdentifierBits {
        IdentifierBits(milliseconds: next() >> integer(16...40), sequence: next() >> integer(16...63))
    }

    /// An instant of the years 1…9999.
    mutating func anyInstant() -> Instant {
        Instant(milliseconds: integer(Instant.earliest.milliseconds...Instant.farthest.milliseconds))
    }
}
