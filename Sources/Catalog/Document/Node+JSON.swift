public import Primitives
internal import Yams

extension Node {
    /// The same value as a file would say it: what a JSON text quotes is a word here too, whatever it looks like.
    init(_ json: JSON) {
        switch json {
        case .null: self = .scalar(Scalar("", .implicit, .plain))
        case .bool(let value): self = .scalar(Scalar(value ? "true" : "false", .implicit, .plain))
        case .integer(let value): self = .scalar(Scalar("\(value)", .implicit, .plain))
        case .number(let number): self = .scalar(Scalar(number.literal, .implicit, .plain))
        case .string(let text):
            self = .scalar(Scalar(text, .implicit, Self.isPlain(text) ? .plain : .doubleQuoted))
        case .array(let elements):
            let isShort = elements.allSatisfy { $0.objectValue == nil }
            self = .sequence(Sequence(elements.map { Node($0) }, Tag(.seq), isShort ? .flow : .block))
        case .object(let object):
            let members = object.members.map { (Node(JSON.string($0.key)), Node($0.value)) }
            self = .mapping(Mapping(members, Tag(.map), .block))
        }
    }

    /// Whether every reader of YAML takes the text for a text although nothing stands around it.
    private static func isPlain(_ text: String) -> Bool {
        let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = text.utf8.first, letters.contains(first | 0x20), text.utf8.last != 0x20 else {
            return false
        }
        return !words.contains(text.lowercased())
            && text.utf8.allSatisfy {
                letters.contains($0 | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || "-_. ".utf8.contains($0)
            }
    }
}
