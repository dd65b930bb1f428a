internal import HTTPTypes

/// What a request's headers say of its body.
enum JSONBody {
    /// Whether a body may be read as JSON in UTF-8: one that says nothing of itself is taken for it.
    static func isAccepted(_ headers: HTTPFields) -> Bool {
        guard let type = headers[.contentType] else { return true }
        let parts = type.split(separator: ";", omittingEmptySubsequences: false).map { part in
            String(part.trimmed()).lowercased()
        }
        guard parts.first == "application/json" else { return false }
        for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
            let charset = parameter.dropFirst("charset=".count).filter { $0 != "\"" }
            guard charset == "utf-8" || charset == "utf8" else { return false }
        }
        return true
    }
}

extension Substring {
    fileprivate func trimmed() -> Substring {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        let start = drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return start }
        return start[...last]
    }
}
