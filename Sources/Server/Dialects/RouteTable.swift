public import HTTPTypes

/// One path of a vendor's documents: a method, a pattern and the name that handler, log and metrics know it
/// by.
public struct Route: Sendable {
    public let method: HTTPRequest.Method
    /// `/api/v1/services/{id}`: whole segments only, literal or one parameter in braces.
    public let pattern: String
    public let name: String

    public init(_ method: HTTPRequest.Method, _ pattern: String, _ name: String) {
        self.method = method
        self.pattern = pattern
        self.name = name
    }
}

/// The route that a request asked for, with what its path carried.
public struct RouteMatch: Sendable, Hashable {
    public let name: String
    /// By the names in braces, as they stood in the path: never empty, never percent-encoded.
    public let parameters: [String: Substring]
    /// The pattern that matched: what a log may show of a path, for it names parameters and not their values.
    public let pattern: String

    public init(name: String, parameters: [String: Substring] = [:], pattern: String = "") {
        self.name = name
        self.parameters = parameters
        self.pattern = pattern
    }
}

/// A dialect's routes.
///
/// A path matches letter by letter or not at all: no trailing slash is forgiven, no `//` collapsed, no `.` or
/// `..` walked, nothing percent-decoded. HEAD and OPTIONS are methods like any other: what the table does not
/// list is 405, and a dialect that wants to answer OPTIONS does so there.
public struct RouteTable: Sendable {
    /// What became of a path.
    public enum Result: Sendable, Hashable {
        case found(RouteMatch)
        /// The path exists with these methods only, in the order in which the table lists them.
        case methodNotAllowed([HTTPRequest.Method])
        case unknown
    }

    private struct Entry: Sendable {
        let method: HTTPRequest.Method
        let match: RouteMatch
    }

    private struct Pattern: Sendable {
        let segments: [PathSegment]
        var entries: [Entry]
    }

    private var literal: [String: [Entry]] = [:]
    private var patterns: [Pattern] = []
    /// The words that paths are made of.
    private var words: Set<Substring> = []

    /// - Precondition: patterns begin with a slash, and no method is listed twice for one pattern.
    public init(_ routes: [Route]) {
        for route in routes {
            precondition(
                route.pattern.utf8.first == UInt8(ascii: "/"), "\(route.pattern) does not begin with a slash")
            let entry = Entry(
                method: route.method, match: RouteMatch(name: route.name, pattern: route.pattern))
            let segments = PathSegment.segments(ofPattern: route.pattern)
            words.formUnion(segments.compactMap(\.word))
            guard segments.contains(where: \.isParameter) else {
                precondition(
                    !literal[route.pattern, default: []].contains { $0.method == route.method },
                    "listed twice")
                literal[route.pattern, default: []].append(entry)
                continue
            }
            if let place = patterns.firstIndex(where: { $0.segments == segments }) {
                precondition(!patterns[place].entries.contains { $0.method == route.method }, "listed twice")
                patterns[place].entries.append(entry)
            } else {
                patterns.append(Pattern(segments: segments, entries: [entry]))
            }
        }
    }

    /// The route for a path without its query, as it came; literal paths win over patterns, earlier patterns
    /// over later.
    public func match(_ method: HTTPRequest.Method, _ path: String) -> Result {
        if let entries = literal[path] { return Self.choose(method, entries) { $0 } }
        for pattern in patterns {
            guard let parameters = PathSegment.parameters(of: path, in: pattern.segments) else { continue }
            return Self.choose(method, pattern.entries) {
                RouteMatch(name: $0.name, parameters: parameters, pattern: $0.pattern)
            }
        }
        return .unknown
    }

    /// What a log may show of a path that matched nothing: a mistyped path may carry a token, so a segment
    /// that is no word of the table is hidden.
    func masked(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.isEmpty || words.contains($0) ? $0 : "…" }.joined(separator: "/")
    }

    private static func choose(
        _ method: HTTPRequest.Method, _ entries: [Entry], _ filled: (RouteMatch) -> RouteMatch
    ) -> Result {
        for entry in entries where entry.method == method { return .found(filled(entry.match)) }
        return .methodNotAllowed(entries.map(\.method))
    }
}
