/// The 128 bits of an id as PostgreSQL stores them: a UUID of version 7, big-endian.
///
/// 48 bits of Unix milliseconds and 48 bits of sequence carry the identity; the 26 bits that RFC 9562 leaves over
/// are a check value derived from those 96, so a made-up id is recognised without a query (design.md §3).
public struct IdentifierBits: Sendable, Hashable, Comparable {
    public var high: UInt64
    public var low: UInt64

    /// Takes the bits as they are; rows of the database are trusted.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The bits of an id made at `milliseconds` with `sequence`; only the lower 48 bits of each count.
    public init(milliseconds: UInt64, sequence: UInt64) {
        let time = milliseconds & 0xFFFF_FFFF_FFFF
        let sequence = sequence & 0xFFFF_FFFF_FFFF
        let check = Self.check(time, sequence)
        // high: 48 time, 4 version, 12 first sequence bits. low: 2 variant, 36 last sequence bits, 26 check.
        high = time << 16 | 0x7000 | sequence >> 36
        low = 0b10 << 62 | (sequence & 0xF_FFFF_FFFF) << 26 | check
    }

    public static let zero = IdentifierBits(high: 0, low: 0)

    public static func < (left: IdentifierBits, right: IdentifierBits) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    /// Milliseconds since 1970 at which the id was made.
    public var milliseconds: UInt64 { high >> 16 }

    /// The 48 bits that order ids of one millisecond.
    public var sequence: UInt64 { (high & 0xFFF) << 36 | (low >> 26) & 0xF_FFFF_FFFF }

    /// Whether version, variant and check value are those of an id that we made.
    public var isGenuine: Bool {
        self == IdentifierBits(milliseconds: milliseconds, sequence: sequence)
    }

    /// 26 bits that depend on each of the 96 (the finaliser of SplitMix64, twice).
    private static func check(_ time: UInt64, _ sequence: UInt64) -> UInt64 {
        mix(mix(time ^ 0x746F_6C6C_6761_7465) ^ sequence) >> 38
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
