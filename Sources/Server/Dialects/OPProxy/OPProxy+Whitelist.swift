internal import Primitives
internal import Provisioning

extension OPProxy {
    /// A whitelist as a request replaces it (vendor, `PUT /services/{id}/whitelist`).
    enum Whitelist {
        static let entriesMax = 50
        /// In Unicode code points.
        static let labelMax = 80
    }
}

extension OPProxy.Fields {
    /// The entries, each address once; the number is checked before any of them (contract O7).
    func whitelist() throws(OPProxy.Problem) -> [AllowedSource] {
        guard let value = member("whitelisted_ips") else { throw .missing("whitelisted_ips") }
        guard let values = value.arrayValue else {
            throw .invalid("whitelisted_ips", "an array of IPv4 addresses")
        }
        guard values.count <= OPProxy.Whitelist.entriesMax else { throw .tooManyIPs }
        var sources: [AllowedSource] = []
        for value in values {
            guard let address = value.stringValue.flatMap(SourceAddress.init) else { throw .invalidIP }
            sources.append(AllowedSource(address))
        }
        for (place, label) in try labels(of: sources.count).enumerated() { sources[place].label = label }
        var seen: Set<SourceAddress> = []
        return sources.filter { seen.insert($0.address).inserted }
    }

    /// As many as there are addresses, or none at all; an empty one is no label.
    private func labels(of count: Int) throws(OPProxy.Problem) -> [SourceLabel?] {
        guard let value = member("labels") else { return [] }
        let problem = OPProxy.Problem.invalid(
            "labels",
            "an array as long as whitelisted_ips, of strings of at most \(OPProxy.Whitelist.labelMax) characters"
        )
        guard let values = value.arrayValue, values.count == count else { throw problem }
        var labels: [SourceLabel?] = []
        for value in values {
            guard let text = value.stringValue else { throw problem }
            let label = SourceLabel(rawValue: text)
            guard label != nil || text.isEmpty else { throw problem }
            labels.append(label)
        }
        return labels
    }
}
