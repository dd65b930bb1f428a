internal import Primitives

extension CatalogueDraft {
    mutating func add(_ document: GatewayDocument, _ tenant: TenantID, _ slug: String) throws(DocumentError) {
        let key = Key(tenant: tenant, name: document.name)
        let current = gatewayRows[key]
        let network = try network(document.network, tenant, slug)
        if let current { try refuseMove(of: current, to: network, document) }
        let desired = GatewayRow(
            id: current?.id ?? ids.next(at: now), tenant: tenant, name: document.name, networkID: network,
            host: document.host, ports: document.ports, protocols: document.protocols,
            vlessPort: document.vlessPort,
            shadowsocksPort: document.shadowsocksPort, driver: document.driver, isActive: document.isActive,
            isInUse: current?.isInUse ?? false)
        gatewayIDs[key] = desired.id
        gateways.append((desired, document, slug))
        Difference(tenant: slug, kind: "gateway")
            .note(desired, from: current, name: document.name, in: &plan.gateways, fields: FieldText.fields)
    }

    /// The network that a reference means, in the file or among the rows.
    func network(
        _ reference: Located<String>, _ tenant: TenantID, _ slug: String
    ) throws(DocumentError) -> NetworkID {
        if let found = networks[Key(tenant: tenant, name: reference.value)] { return found.id }
        let known = networks.keys.filter { $0.tenant == tenant }.map(\.name).sorted()
        throw reference.dangling("network", of: slug, among: known)
    }

    /// Subscriptions hold slots of a gateway, and what they were sold is a place in its network.
    private func refuseMove(
        of current: GatewayRow, to network: NetworkID, _ document: GatewayDocument
    ) throws(DocumentError) {
        guard current.networkID == network else {
            throw document.network.mark.problem(
                "the network of gateway \"\(document.name)\" cannot change; give the new one another name")
        }
        switch (current.ports, document.ports) {
        case (.range, .range), (.shared, .shared): break
        case (.range, .shared), (.shared, .range):
            throw document.portsMark.problem(
                "gateway \"\(document.name)\" cannot change between ports of their own and a shared port; "
                    + "give the new one another name")
        }
    }

    /// One port of one host can be bound once, whoever its tenant is. A sandbox's gateways bind nothing: their ports only
    /// have to be told apart among themselves.
    func checkPorts() throws(DocumentError) {
        let listed = Set(gateways.map(\.row.id))
        let slugs = Dictionary(uniqueKeysWithValues: rows.tenants.map { ($0.id, $0.slug) })
        let sandboxes = Set((rows.tenants + plan.tenants.map(\.row)).filter { $0.sandboxOf != nil }.map(\.id))
        var live = PortClaims()
        var played: [TenantID: PortClaims] = [:]
        for row in rows.gateways where row.isInUse && !listed.contains(row.id) {
            let slug = scope.mayName(row.tenant) ? slugs[row.tenant] ?? "\(row.tenant)" : nil
            if sandboxes.contains(row.tenant) {
                played[row.tenant, default: PortClaims()].add(row, tenant: slug)
            } else {
                live.add(row, tenant: slug)
            }
        }
        for (row, document, tenant) in gateways where row.isActive || row.isInUse {
            if sandboxes.contains(row.tenant) {
                try played[row.tenant, default: PortClaims()].claim(row, document, tenant: tenant)
            } else {
                try live.claim(row, document, tenant: tenant)
            }
        }
    }
}
