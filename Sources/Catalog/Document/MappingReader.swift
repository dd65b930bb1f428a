internal import Yams

/// One mapping of the file, whose keys are known and given once; hands out its values.
struct MappingReader {
    /// What the mapping is, with its article: `a plan`.
    let subject: String
    let mark: SourceMark
    private let values: [String: ValueReader]

    /// Refuses whatever is no mapping, and every key that `keys` does not list.
    init(_ node: Node, at mark: SourceMark, _ subject: String, keys: [String]) throws(DocumentError) {
        guard let mapping = node.mapping else {
            throw mark.problem("\(subject) must be a mapping of keys to values, not \(node.kindInWords)")
        }
        var values: [String: ValueReader] = [:]
        for (keyNode, value) in mapping {
            let keyMark = SourceMark(keyNode.mark, in: mark)
            guard let key = keyNode.scalar?.string else { throw keyMark.problem("a key must be a word") }
            guard key != "<<" else {
                throw keyMark.problem("merge keys (<<) are not read; write the keys out")
            }
            guard keys.contains(key) else {
                throw keyMark.key(key).problem(
                    "unknown key \"\(key)\" in \(subject)\(Spelling.known(keys, near: key))")
            }
            values[key] = ValueReader(value, key: key, at: SourceMark(value.mark, in: mark).key(key))
        }
        self.subject = subject
        self.mark = mark
        self.values = values
    }

    /// The value of a key that must be there.
    func required(_ key: String) throws(DocumentError) -> ValueReader {
        guard let value = values[key] else {
            throw mark.key(key).problem("missing key \"\(key)\" in \(subject)")
        }
        return value
    }

    /// The value of a key that may be left out.
    func optional(_ key: String) -> ValueReader? { values[key] }

    /// Reads a key that may be left out.
    func optional<T>(
        _ key: String, _ read: (ValueReader) throws(DocumentError) -> T
    ) throws(DocumentError) -> T? {
        guard let value = values[key] else { return nil }
        return try read(value)
    }

    /// Reads a key that may be left out or be `null`.
    func nullable<T>(
        _ key: String, _ read: (ValueReader) throws(DocumentError) -> T
    ) throws(DocumentError) -> T? {
        guard let value = values[key], !value.isNull else { return nil }
        return try read(value)
    }

    /// Reads the elements of a list; a key left out is an empty list.
    func list<T>(
        _ key: String, _ read: (ValueReader) throws(DocumentError) -> T
    ) throws(DocumentError) -> [T] {
        guard let value = values[key] else { return [] }
        return try value.list(read)
    }

    /// Reads a word of yes or no; a key left out has the default.
    func flag(_ key: String, default otherwise: Bool) throws(DocumentError) -> Bool {
        try values[key]?.flag() ?? otherwise
    }

    /// Reads `active`, which everything in the file may say; what is listed is active unless it says no.
    func isActive() throws(DocumentError) -> Bool { try flag("active", default: true) }
}

extension Node {
    /// What a node is, for a sentence.
    var kindInWords: String {
        switch self {
        case .scalar(let scalar): "the text \"\(scalar.string.prefix(40))\""
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}

extension SourceMark {
    init(_ mark: Mark?, file: String) {
        self.init(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    /// The place of a part of what stands elsewhere.
    /// - Parameter index: which element of the list it is.
    init(_ mark: Mark?, in whole: SourceMark, index: Int? = nil) {
        self.init(
            file: whole.file, line: mark?.line ?? 1, column: mark?.column ?? 1,
            field: index.map { "\(whole.field ?? "")[\($0)]" } ?? whole.field)
    }
}
