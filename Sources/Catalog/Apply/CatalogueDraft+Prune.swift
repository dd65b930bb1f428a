internal import Primitives

extension CatalogueDraft {
    /// Deactivates what the file leaves out: tenants as a whole, and within its tenants whatever it does not
    /// list.
    ///
    /// Nothing that an order can refer to is deleted; only hosts are, which are no more than a name on a
    /// door.
    mutating func prune(_ document: CatalogueDocument) {
        let listed = Dictionary(uniqueKeysWithValues: document.tenants.map { ($0.slug, $0) })
        for tenant in rows.tenants {
            if let document = listed[tenant.slug] {
                pruneWithin(tenant, document)
            } else if scope == .installation, tenant.isActive,
                !plan.tenants.contains(where: { $0.row.id == tenant.id })
            {
                var closed = tenant
                closed.isActive = false
                plan.tenants.append(
                    Difference(tenant: tenant.slug, kind: "tenant").deactivation(closed, name: tenant.slug))
            }
        }
    }

    /// A tenant of the file is as the file says, and so it has no sandbox unless the file says so.
    mutating func closeSandboxes(_ document: CatalogueDocument) {
        let listed = Set(document.tenants.map(\.slug))
        let without = Set(
            document.tenants.filter { $0.sandboxBalance == nil }.map { Sandbox.slug(of: $0.slug) })
        for tenant in rows.tenants
        where tenant.isActive && tenant.sandboxOf != nil && without.contains(tenant.slug)
            && !listed.contains(tenant.slug)
        {
            var closed = tenant
            closed.isActive = false
            plan.tenants.append(
                Difference(tenant: tenant.slug, kind: "tenant").deactivation(closed, name: tenant.slug))
        }
    }

    private mutating func pruneWithin(_ tenant: TenantRow, _ document: TenantDocument) {
        let hosts = Set(document.hosts.map(\.host))
        for host in rows.hosts where host.tenant == tenant.id && !hosts.contains(host.host) {
            plan.hosts.append(
                Difference(tenant: tenant.slug, kind: "host").deactivation(host, name: host.host))
        }
        let networks = Set(document.networks.map(\.code))
        plan.networks += leftOut(rows.networks, tenant, "network", networks, \.tenant, \.code, \.isActive)
        let gateways = Set(document.gateways.map(\.name))
        plan.gateways += leftOut(rows.gateways, tenant, "gateway", gateways, \.tenant, \.name, \.isActive)
        let plans = Set(document.plans.map(\.code))
        plan.plans += leftOut(rows.plans, tenant, "plan", plans, \.tenant, \.code, \.isActive)
        let coupons = Set(document.coupons.map(\.code.text))
        plan.coupons += leftOut(rows.coupons, tenant, "coupon", coupons, \.tenant, \.code, \.isActive)
        let groups = Set(document.groups.map(\.code))
        plan.groups += leftOut(rows.groups, tenant, "group", groups, \.tenant, \.code, \.isActive)
    }

    /// The tenant's active rows whose names the file does not list, deactivated.
    private func leftOut<Row>(
        _ rows: [Row], _ tenant: TenantRow, _ kind: String, _ listed: Set<String>,
        _ owner: KeyPath<Row, TenantID>,
        _ name: KeyPath<Row, String>, _ isActive: WritableKeyPath<Row, Bool>
    ) -> [CatalogueChange<Row>] {
        rows.filter {
            $0[keyPath: owner] == tenant.id && $0[keyPath: isActive] && !listed.contains($0[keyPath: name])
        }
        .map { row in
            var closed = row
            closed[keyPath: isActive] = false
            return Difference(tenant: tenant.slug, kind: kind).deactivation(closed, name: row[keyPath: name])
        }
    }
}
