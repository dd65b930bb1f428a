/// Makes ids in order: a value, so that a pure decision can hold one and be repeated.
///
/// Within a millisecond the 48-bit sequence grows; a new millisecond starts it at random, so that two processes are
/// unlikely to meet. A clock that stands still or jumps back never takes the sequence back with it.
public struct IdentifierSequence: Sendable {
    private var milliseconds: UInt64 = 0
    private var sequence: UInt64 = 0
    private var generator: SplitMix64

    public init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    public mutating func next<Subject>(
        at now: Instant, of kind: Subject.Type = Subject.self
    ) -> Identifier<Subject> {
        let time = UInt64(max(0, now.milliseconds))
        if time > milliseconds {
            milliseconds = time
            start()
        } else {
            // Small steps leave no neighbour to guess and 2^46 ids before the millisecond has to borrow from the next.
            sequence += 1 + generator.next() & 0x3FF
            if sequence > 0xFFFF_FFFF_FFFF {
                milliseconds += 1
                start()
            }
        }
        return Identifier(bits: IdentifierBits(milliseconds: milliseconds, sequence: sequence))
    }

    private mutating func start() {
        sequence = generator.next() & 0x3FFF_FFFF_FFFF
    }
}

/// Vigna's SplitMix64: a small seeded generator for ids and tests, never for secrets.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    /// Seeds for so many generators that tell nothing of each other.
    ///
    /// Seeds a multiple of the step apart would be one stream, told with a shift.
    public static func seeds(_ count: Int, from seed: UInt64) -> [UInt64] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in generator.next() }
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
