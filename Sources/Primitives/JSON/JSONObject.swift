/// The members of a JSON object, each name once, in the order in which they were written.
///
/// Names are compared as Swift compares strings, so `é` is one name whether composed or not.
public struct JSONObject: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public let key: String
        public let value: JSON
    }

    public private(set) var members: [Member]

    public init() { members = [] }

    /// Trusts that no name occurs twice: the parser has looked.
    init(unique members: [Member]) { self.members = members }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var keys: some Sequence<String> { members.lazy.map(\.key) }

    /// The member of this name. Setting replaces it in its place or appends it; setting `nil` removes it.
    public subscript(key: String) -> JSON? {
        get { members.first { $0.key == key }?.value }
        set {
            let place = members.firstIndex { $0.key == key }
            switch (place, newValue) {
            case (let place?, let value?): members[place] = Member(key: key, value: value)
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }
}
