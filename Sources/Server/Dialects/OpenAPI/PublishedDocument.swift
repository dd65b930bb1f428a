internal import Primitives

/// A dialect's OpenAPI document as it is served: anybody may ask for it, so all but its server is written once.
struct PublishedDocument: Sendable {
    private let members: [(name: String, value: [UInt8])]

    /// - Parameter document: with a member `servers`, which stands where the mount's will.
    init(_ document: JSON) {
        members = (document.objectValue?.members ?? []).map { ($0.key, $0.value.encoded()) }
    }

    /// The document with its mount as its server.
    /// - Parameter path: what the dialect's paths begin with everywhere.
    func mounted(at prefix: String, below path: String = "") -> [UInt8] {
        var json = JSONWriter(capacity: 65_536)
        json.beginObject()
        for member in members {
            json.key(member.name)
            if member.name == "servers" {
                json.value(Self.servers(prefix + path))
            } else {
                json.raw(member.value)
            }
        }
        json.endObject()
        return json.bytes
    }

    /// `/` for a host's root.
    static func servers(_ path: String) -> JSON {
        [["url": .string(path.isEmpty ? "/" : path)]]
    }
}
