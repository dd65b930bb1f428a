/// One segment of a route's pattern.
enum PathSegment: Sendable, Hashable {
    case literal(String)
    case parameter(String)

    var isParameter: Bool {
        switch self {
        case .literal: false
        case .parameter: true
        }
    }

    var word: Substring? {
        switch self {
        case .literal(let word): word[...]
        case .parameter: nil
        }
    }

    static func segments(ofPattern pattern: String) -> [PathSegment] {
        pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { segment in
            guard segment.first == "{", segment.last == "}" else { return .literal(String(segment)) }
            return .parameter(String(segment.dropFirst().dropLast()))
        }
    }

    /// What the path carries where the pattern has parameters; `nil` where the two differ.
    static func parameters(of path: String, in pattern: [PathSegment]) -> [String: Substring]? {
        let bytes = path.utf8
        guard bytes.first == UInt8(ascii: "/") else { return nil }
        var found: [String: Substring] = [:]
        var start = bytes.index(after: bytes.startIndex)
        for (index, segment) in pattern.enumerated() {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
            let text = path[start..<end]
            switch segment {
            case .literal(let literal): guard text == literal else { return nil }
            case .parameter(let name):
                guard isValue(text) else { return nil }
                found[name] = text
            }
            let isLast = index == pattern.count - 1
            guard isLast == (end == bytes.endIndex) else { return nil }
            if !isLast { start = bytes.index(after: end) }
        }
        return found
    }

    /// No id of ours needs escaping, so a percent sign is somebody hiding a slash or a dot.
    private static func isValue(_ text: Substring) -> Bool {
        guard !text.isEmpty, text != ".", text != ".." else { return false }
        return text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "%") }
    }
}
