public import Catalog
public import Primitives

/// What an API key of one dialect looks like; each dialect provides its own.
public struct KeyForm: Sendable, Hashable {
    /// What the vendor's keys begin with.
    public let prefix: String
    /// What test keys begin with, and no other key; `nil` where there are none.
    public let testPrefix: String?
    /// How many characters follow the prefix in a key that is accepted; a test key is as long as a live one may be.
    public let lengths: ClosedRange<Int>
    /// The characters that follow the prefix in a key that is accepted.
    public let accepted: KeyAlphabet
    /// How many characters follow the prefix in a key that we make.
    public let madeLength: Int
    /// The characters that follow the prefix in a key that we make.
    public let made: KeyAlphabet

    /// - Precondition: the keys it makes are keys it accepts, with at least 128 bits in them.
    public init(
        prefix: String, testPrefix: String? = nil, lengths: ClosedRange<Int>, accepted: KeyAlphabet,
        madeLength: Int, made: KeyAlphabet
    ) {
        precondition(lengths.contains(madeLength), "a made key must have an accepted length")
        if let testPrefix {
            let more = testPrefix.utf8.count - prefix.utf8.count
            precondition(lengths.contains(madeLength + more), "a made test key must have an accepted length")
        }
        precondition(
            made.characters.allSatisfy(accepted.contains), "a made key must have accepted characters")
        precondition(made.bits(inCharacters: madeLength) >= 128, "a key must not be guessable")
        self.prefix = prefix
        self.testPrefix = testPrefix
        self.lengths = lengths
        self.accepted = accepted
        self.madeLength = madeLength
        self.made = made
    }

    /// Whether a text can be a key of this form; a text that cannot is refused without asking the database.
    public func accepts(_ text: some StringProtocol, for environment: KeyEnvironment = .live) -> Bool {
        self.environment(of: text) == environment
    }

    /// What a key is for; `nil` for a text that can be no key of this form.
    public func environment(of text: some StringProtocol) -> KeyEnvironment? {
        let letters = text.utf8
        guard lengths.contains(letters.count - prefix.utf8.count) else { return nil }
        if let testPrefix, letters.starts(with: testPrefix.utf8) {
            return letters.dropFirst(testPrefix.utf8.count).allSatisfy(accepted.contains) ? .test : nil
        }
        guard letters.starts(with: prefix.utf8) else { return nil }
        return letters.dropFirst(prefix.utf8.count).allSatisfy(accepted.contains) ? .live : nil
    }

    /// A new key; shown once to its owner, kept nowhere.
    /// - Precondition: there are test keys, where one is asked for.
    public func make(_ random: any RandomSource, for environment: KeyEnvironment = .live) -> String {
        let prefix = prefix(for: environment)
        var text = Array(prefix.utf8)
        let characters = made.characters
        // Bytes at or above the largest multiple of the alphabet's size are thrown away: no character is
        // likelier.
        let fair = 256 / characters.count * characters.count
        while text.count < prefix.utf8.count + madeLength {
            for byte in random.bytes(madeLength)
            where Int(byte) < fair && text.count < prefix.utf8.count + madeLength {
                text.append(characters[Int(byte) % characters.count])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The part of a key that may be shown and stored, to tell it from its neighbours: prefix and last four
    /// characters.
    public func hint(_ key: String) -> String {
        "\(prefix(for: environment(of: key) ?? .live))…\(key.suffix(4))"
    }

    private func prefix(for environment: KeyEnvironment) -> String {
        switch environment {
        case .live: return prefix
        case .test:
            guard let testPrefix else { preconditionFailure("there are no test keys of this form") }
            return testPrefix
        }
    }
}

/// A set of ASCII characters that keys are made of.
public struct KeyAlphabet: Sendable, Hashable {
    public let characters: [UInt8]
    private let low: UInt64
    private let high: UInt64

    public init(_ text: String) {
        characters = Array(text.utf8)
        precondition(characters.count > 1 && characters.allSatisfy { $0 < 128 }, "an alphabet is ASCII")
        var bits: (low: UInt64, high: UInt64) = (0, 0)
        for character in characters {
            if character < 64 {
                bits.low |= 1 << UInt64(character)
            } else {
                bits.high |= 1 << UInt64(character - 64)
            }
        }
        (low, high) = bits
    }

    public static let lowerAlphanumeric = KeyAlphabet("abcdefghijklmnopqrstuvwxyz0123456789")
    public static let hex = KeyAlphabet("0123456789abcdef")
    /// RFC 4648 §5: what a URL carries without escaping.
    public static let urlSafe = KeyAlphabet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")

    public func contains(_ character: UInt8) -> Bool {
        switch character {
        case 0..<64: low >> UInt64(character) & 1 == 1
        case 64..<128: high >> UInt64(character - 64) & 1 == 1
        default: false
        }
    }

    /// Whole bits of randomness in so many characters, rounded down.
    func bits(inCharacters count: Int) -> Int {
        let perCharacter = Int.bitWidth - 1 - characters.count.leadingZeroBitCount
        return perCharacter * count
    }
}
