public import Primitives
internal import Yams

/// Writes what a catalogue file says as YAML, and reads it from somebody who may be anybody.
public enum CatalogueYAML {
    public static func text(_ file: JSON) -> String {
        do {
            return try Yams.serialize(node: Node(file), width: -1, allowUnicode: true)
        } catch {
            preconditionFailure("what was read from JSON cannot be written as YAML: \(error)")
        }
    }

    /// How many values a text may have, by what stands between them: each takes far more room than its letters.
    static let valuesMax = 250_000

    private static let keysMax = 500

    /// The values of a file, each scalar as the text that it is, for the file's parser reads it as the type of its key.
    ///
    /// Anchors and aliases, which an operator's file may have, are refused: a few lines of them can stand for more than
    /// any machine holds.
    public static func read(_ bytes: [UInt8]) throws(DocumentError) -> JSON {
        let start = SourceMark(file: "", line: 1, column: 1)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw start.problem("the file is not UTF-8")
        }
        try refuseBombs(bytes)
        guard let root = try CatalogueDocument.compose(text, start) else {
            throw start.problem("the file is empty")
        }
        return try json(root, depth: 0)
    }

    private static func refuseBombs(_ bytes: [UInt8]) throws(DocumentError) {
        var (line, column, values) = (1, 1, 0)
        var before = UInt8(ascii: "\n")
        for (place, byte) in bytes.enumerated() {
            if ",\n[{:".utf8.contains(byte) { values += 1 }
            let isMark = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")
            let next = place + 1 < bytes.count ? bytes[place + 1] : UInt8(ascii: "\n")
            if isMark, before >= 0x80 || " \t\r\n,[]{}:-?".utf8.contains(before),
                !" \t\r\n".utf8.contains(next)
            {
                throw SourceMark(file: "", line: line, column: column)
                    .problem(
                        "anchors (&) and aliases (*) are not read here; put a space behind the sign, or write it out"
                    )
            }
            (line, column) = byte == UInt8(ascii: "\n") ? (line + 1, 1) : (line, column + 1)
            before = byte
        }
        guard values <= valuesMax else {
            throw SourceMark(file: "", line: line, column: column).problem("the file has too many values")
        }
    }

    private static func json(_ node: Node, depth: Int) throws(DocumentError) -> JSON {
        let mark = SourceMark(node.mark, file: "")
        guard depth < JSON.depthMax else { throw mark.problem("nested deeper than \(JSON.depthMax) levels") }
        switch node {
        case .scalar(let scalar): return json(scalar)
        case .sequence(let sequence):
            var elements: [JSON] = []
            for element in sequence { elements.append(try json(element, depth: depth + 1)) }
            return .array(elements)
        case .mapping(let mapping):
            // Nothing of a catalogue has as many keys, and each is looked for among those before it.
            guard mapping.count <= keysMax else { throw mark.problem("a mapping has too many keys") }
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    throw SourceMark(key.mark, in: mark).problem("a key must be a word")
                }
                object[name] = try json(value, depth: depth + 1)
            }
            return .object(object)
        case .alias: throw mark.problem("aliases are not read here")
        }
    }

    /// `null`, `true` and `false` where nothing stands around them; everything else is a text.
    private static func json(_ scalar: Node.Scalar) -> JSON {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true": return true
        case "false": return false
        default: return .string(scalar.string)
        }
    }
}
