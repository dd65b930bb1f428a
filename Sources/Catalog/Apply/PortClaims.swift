/// Who serves which ports of which host.
struct PortClaims {
    private struct Claim {
        let ports: ClosedRange<Int32>
        /// Which ports they are of whose gateway; of others' no more than that they are taken.
        let owner: String
    }

    private var byHost: [String: [Claim]] = [:]

    /// Takes the ports of a row as they are: what is there already is not judged here.
    ///
    /// - Parameter tenant: whose it is; `nil` where that is not to be told.
    mutating func add(_ row: GatewayRow, tenant: String?) {
        for (ports, _) in Self.ports(of: row) {
            let owner = tenant.map { Self.owner(ports, row, $0) } ?? "ports of another tenant"
            byHost[row.host, default: []].append(Claim(ports: ports, owner: owner))
        }
    }

    /// Takes the ports of a gateway of the file, or refuses it where one of them is taken.
    mutating func claim(_ row: GatewayRow, _ document: GatewayDocument, tenant: String) throws(DocumentError)
    {
        for (ports, key) in Self.ports(of: row) {
            if let taken = byHost[row.host]?.first(where: { $0.ports.overlaps(ports) }) {
                let mark = key == nil ? document.portsMark : document.mark
                throw mark.problem(
                    "\(key ?? "ports") \(Self.text(ports)) of \(row.host) overlap with \(taken.owner)")
            }
            byHost[row.host, default: []]
                .append(Claim(ports: ports, owner: Self.owner(ports, row, tenant)))
        }
    }

    /// Every port that a gateway binds, and the key of the file that names it where it is not `ports`.
    private static func ports(of row: GatewayRow) -> [(ClosedRange<Int32>, key: String?)] {
        let main: ClosedRange<Int32> =
            switch row.ports {
            case .range(let range): range
            case .shared(let port): port...port
            }
        let others = [(row.vlessPort, "vless_port"), (row.shadowsocksPort, "shadowsocks_port")]
        return [(main, nil)] + others.compactMap { port, key in port.map { ($0...$0, key) } }
    }

    private static func owner(_ ports: ClosedRange<Int32>, _ row: GatewayRow, _ tenant: String) -> String {
        "\(text(ports)) of gateway \"\(row.name)\" of tenant \"\(tenant)\""
    }

    private static func text(_ ports: ClosedRange<Int32>) -> String {
        ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)"
    }
}
