internal import ArgumentParser
internal import Primitives

/// Ids on the command line, in any of the spellings in which doors show them.
enum IdentifierArgument {
    static func order(_ text: String) throws -> OrderID {
        OrderID(bits: try bits(text, of: "order"))
    }

    static func subscription(_ text: String) throws -> SubscriptionID {
        SubscriptionID(bits: try bits(text, of: "subscription"))
    }

    static func payment(_ text: String) throws -> PaymentID {
        PaymentID(bits: try bits(text, of: "payment"))
    }

    private static func bits(_ text: String, of subject: String) throws -> IdentifierBits {
        let bits =
            IdentifierBits(uuidString: text) ?? IdentifierBits(base36String: text)
            ?? IdentifierBits(hexString: text)
        guard let bits else { throw ValidationError("\(text) is no \(subject)'s id") }
        return bits
    }
}

/// Moments on the command line.
enum MomentArgument {
    static func parse(_ text: String) throws -> Instant {
        guard let instant = Instant(rfc3339: text) else {
            throw ValidationError("\(text) is no moment such as 2026-01-31T00:00:00Z")
        }
        return instant
    }
}

/// One word out of a few.
enum WordArgument {
    static func parse<Word: RawRepresentable & CaseIterable>(_ text: String) throws -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(text) is none of \(words)")
        }
        return word
    }
}
