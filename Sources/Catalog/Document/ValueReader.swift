internal import Yams

/// One value of the file; it is read as the type of its key, whatever YAML would make of it.
struct ValueReader {
    let key: String
    let mark: SourceMark
    private let node: Node

    init(_ node: Node, key: String, at mark: SourceMark) {
        self.node = node
        self.key = key
        self.mark = mark
    }

    /// The error that this value causes.
    func problem(_ message: String) -> DocumentError { mark.problem("\(key): \(message)") }

    /// Whether it is `null`, `~` or nothing at all; quoted, these are words.
    var isNull: Bool {
        guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// The text of a scalar as it stands in the file; never empty, never with control characters in it.
    func text() throws(DocumentError) -> String {
        guard let scalar = node.scalar else {
            throw problem("must be a single value, not \(node.kindInWords)")
        }
        guard !scalar.string.isEmpty else { throw problem("has no value") }
        guard !scalar.string.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw problem("must not contain control characters")
        }
        return scalar.string
    }

    /// The elements of a list, each read by itself.
    func list<T>(_ read: (ValueReader) throws(DocumentError) -> T) throws(DocumentError) -> [T] {
        guard let sequence = node.sequence else { throw problem("must be a list, not \(node.kindInWords)") }
        var elements: [T] = []
        for (index, element) in sequence.enumerated() {
            let place = SourceMark(element.mark, in: mark, index: index)
            elements.append(try read(ValueReader(element, key: key, at: place)))
        }
        return elements
    }

    /// A mapping with these keys.
    func mapping(_ subject: String, keys: [String]) throws(DocumentError) -> MappingReader {
        try MappingReader(node, at: mark, subject, keys: keys)
    }

    /// A mapping whose keys are the file's own, in their order; their form is checked, not their names.
    func openMapping<T>(
        of form: Form, _ read: (ValueReader) throws(DocumentError) -> T
    ) throws(DocumentError) -> [(key: Located<String>, value: T)] {
        guard let mapping = node.mapping else { throw problem("must be a mapping, not \(node.kindInWords)") }
        var members: [(key: Located<String>, value: T)] = []
        for (keyNode, value) in mapping {
            let name = ValueReader(keyNode, key: key, at: SourceMark(keyNode.mark, in: mark))
            let text = try name.name(form)
            let word = Located(text, at: name.mark.key(text))
            let reader = ValueReader(
                value, key: "\(key).\(word.value)", at: SourceMark(value.mark, in: mark).key(word.value))
            members.append((word, try read(reader)))
        }
        return members
    }
}
