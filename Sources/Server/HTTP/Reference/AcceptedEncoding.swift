internal import HTTPTypes

/// What a client says of the encodings that it takes (RFC 9110 §12.5.3).
enum AcceptedEncoding {
    /// Whether gzip is among them; whoever says nothing gets the bytes as they are.
    static func takesGzip(_ headers: HTTPFields) -> Bool {
        var others: Bool?
        for field in headers[values: .acceptEncoding] {
            for element in field.utf8.split(separator: UInt8(ascii: ",")) {
                let words = Substring(element).lowercased().split { " \t;".contains($0) }
                guard let name = words.first else { continue }
                let isTaken = !words.dropFirst().contains { isNothing($0) }
                switch name {
                case "gzip", "x-gzip": return isTaken
                case "*": others = isTaken
                default: break
                }
            }
        }
        return others ?? false
    }

    /// `q=0`, with or without zeros behind the point.
    private static func isNothing(_ weight: Substring) -> Bool {
        weight.hasPrefix("q=") && weight.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." }
    }
}

/// What a client has already (RFC 9110 §13.1.2).
enum EntityTag {
    static func isListed(_ tag: String, in headers: HTTPFields) -> Bool {
        headers[values: .ifNoneMatch].contains { field in
            field.utf8.split(separator: UInt8(ascii: ",")).contains { element in
                let text = Substring(element).filter { $0 != " " && $0 != "\t" }
                return text == "*" || text == tag || text == "W/\(tag)"
            }
        }
    }
}
