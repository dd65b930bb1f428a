internal import Primitives

/// A line of a script as words: `verb subject name value name value flag`.
struct Words {
    private(set) var verb: String
    private var positional: [String] = []
    private var values: [String: String] = [:]
    private var flags: Set<String> = []

    private static let flagNames: Set<String> = ["closed", "off", "shared", "broken", "keep", "first"]

    /// A line that cannot be read.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameter subjects: how many words stand after the verb before the named ones begin, by verb.
    init?(_ line: Substring, subjects: [String: Int]) throws {
        let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
        guard let verb = words.first else { return nil }
        guard let count = subjects[verb] else { throw Unreadable(description: "no step is called \(verb)") }
        guard words.count > count else { throw Unreadable(description: "a word is missing after \(verb)") }
        self.verb = verb
        positional = Array(words[1..<1 + count])
        var rest = words[(1 + count)...]
        while let word = rest.popFirst() {
            if Self.flagNames.contains(word) {
                flags.insert(word)
            } else if let value = rest.popFirst() {
                values[word] = value
            } else {
                throw Unreadable(description: "\(word) has no value")
            }
        }
    }

    func flag(_ name: String) -> Bool { flags.contains(name) }
    func word(_ place: Int) -> String { positional[place] }
    func text(_ name: String) -> String? { values[name] }

    func subject<Value>(_ place: Int, _ read: (String) -> Value?) throws -> Value {
        try Self.value(positional[place], verb, read)
    }

    func optional<Value>(_ name: String, _ read: (String) -> Value?) throws -> Value? {
        try values[name].map { try Self.value($0, name, read) }
    }

    func required<Value>(_ name: String, _ read: (String) -> Value?) throws -> Value {
        guard let value = try optional(name, read) else {
            throw Unreadable(description: "\(verb) needs \(name)")
        }
        return value
    }

    /// Words or numbers with commas between them; none where the name is not there.
    func list<Value>(_ name: String, _ read: (String) -> Value?) throws -> [Value] {
        try (values[name] ?? "").split(separator: ",").map { try Self.value(String($0), name, read) }
    }

    private static func value<Value>(
        _ text: String, _ name: String, _ read: (String) -> Value?
    ) throws -> Value {
        guard let value = read(text) else { throw Unreadable(description: "\(name) cannot be \(text)") }
        return value
    }
}

extension Money {
    /// `1200USD`.
    var word: String { "\(minor)\(currency.code)" }

    init?(word: String) {
        guard let currency = Currency(String(word.suffix(3))), let minor = Int64(word.dropLast(3)) else {
            return nil
        }
        self.init(minor: minor, currency: currency)
    }
}

extension Name {
    var word: String { "\(tenant).\(number)" }

    init?(word: String) {
        guard let pair = SubscriptionName(word: word) else { return nil }
        self.init(tenant: pair.order, number: pair.index)
    }
}

extension SubscriptionName {
    var word: String { "\(order).\(index)" }

    init?(word: String) {
        let parts = word.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 2 else { return nil }
        self.init(order: parts[0], index: parts[1])
    }
}
