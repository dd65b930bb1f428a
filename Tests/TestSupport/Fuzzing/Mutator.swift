internal import Primitives

/// Makes new inputs of old ones: bytes changed, parts removed, doubled, repeated or taken from another input.
public struct Mutator: Sendable {
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]
    private var random: SplitMix64

    /// Bytes that no input outgrows, but for one in a hundred.
    private static let usualMax = 4_096

    /// - Parameter words: what the format is made of: inserted whole.
    public init(corpus: [[UInt8]], words: [String], seed: UInt64) {
        self.corpus = corpus.isEmpty ? [[]] : corpus
        self.words = (words + Self.poison).map { Array($0.utf8) } + Self.poisonBytes
        random = SplitMix64(seed: seed)
    }

    /// What breaks parsers of text.
    private static let poison = [
        "\0", "\u{7F}", "\u{FEFF}", "\u{301}", "\u{2028}", "\u{10FFFF}", "é", "e\u{301}", "\r\n", "%00", "%",
        "%%",
        "..", "//", "\\ud800", "\\u0000", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809",
        "1e999999999999999999", "0.0000000000000000000001", "-0",
    ]
    private static let poisonBytes: [[UInt8]] = [
        [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE2, 0x82], [0x80],
    ]

    /// The next input.
    public mutating func next() -> [UInt8] {
        var bytes = corpus.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 0...6, using: &random) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...16, using: &random))
        switch Int.random(in: 0...8, using: &random) {
        case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.removeSubrange(end...)
        case 5:
            let other = corpus.randomElement(using: &random) ?? []
            let start = Int.random(in: 0...other.count, using: &random)
            bytes.replaceSubrange(place..., with: other[start...])
        case 6: repeatPart(&bytes, place..<end)
        default: bytes.insert(contentsOf: words.randomElement(using: &random) ?? [], at: place)
        }
    }

    private mutating func repeatPart(_ bytes: inout [UInt8], _ part: Range<Int>) {
        guard !part.isEmpty, bytes.count < Self.usualMax else { return }
        let isHuge = Int.random(in: 0..<100, using: &random) == 0
        let count = Int.random(in: 2...(isHuge ? 4_000 : 80), using: &random)
        let copies = repeatElement(Array(bytes[part]), count: count).joined()
        bytes.insert(contentsOf: copies, at: part.lowerBound)
    }
}
