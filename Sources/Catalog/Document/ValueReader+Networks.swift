internal import Primitives

extension ValueReader {
    /// A list of addresses and networks; an empty one could mean everybody or nobody and is refused.
    func allowList() throws(DocumentError) -> AllowList {
        let networks = try list { value throws(DocumentError) in try value.network() }
        guard !networks.isEmpty else {
            throw problem("names no address; leave it out for a key that may be used from anywhere")
        }
        guard let list = AllowList(networks) else {
            throw problem("has more than \(AllowList.networksMax) addresses and networks")
        }
        return list
    }

    private func network() throws(DocumentError) -> NetworkPrefix {
        let text = try text()
        do throws(NetworkPrefix.Problem) {
            return try NetworkPrefix(parsing: text)
        } catch {
            throw problem("\"\(text)\" \(error)")
        }
    }
}
