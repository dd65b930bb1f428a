import Catalog
import Primitives

/// Two tenants with the same codes, in a file that tests edit and in rows that it was applied to.
enum Shop {
    static let yaml = """
        tenants:
          - slug: alba
            name: Alba
            currency: EUR
            hosts: [{host: gate.alba.test, dialect: gate}]
            networks:
              - {code: NL, city: Amsterdam, country: NL, type: mobile}
              - {code: "NO", city: Oslo, country: NO, type: isp}
            gateways:
              - {name: one, network: NL, host: 127.0.0.1, ports: 12001-12200, protocols: [http, vless], vless_port: 12443}
              - {name: many, network: NL, host: 127.0.0.1, shared_port: 7777, protocols: [http]}
            plans:
              - {code: month, name: Month, product: proxy, connection: private, network: NL, duration: 30d, price: "12.00 EUR", sells_in: [gate]}
              - {code: bytes, name: Bytes, product: bandwidth, gateway: many, duration: 30d, price: "29.00 EUR", bandwidth_gb: 5, limits: {max_b: 2, max_a: 1}, sells_in: [proxaro]}
            coupons:
              - {code: WELCOME, percent_off: "12.5", max_redemptions: 10, plans: [month]}
          - slug: brio
            name: Brio
            currency: JPY
            networks:
              - {code: NL, city: Rotterdam, country: NL, type: datacenter, low_stock: 5}
            gateways:
              - {name: one, network: NL, host: 127.0.0.2, ports: 12001-12200, protocols: [http]}
            plans:
              - {code: month, name: Month, product: proxy, connection: private, network: NL, duration: 30d, price: "900 JPY", sells_in: [gate]}
            coupons:
              - {code: WELCOME, amount_off: "100 JPY"}

        """

    /// The file with one piece of its text replaced.
    static func edited(_ old: String, _ new: String) -> String {
        let edited = yaml.replacingFirst(old, by: new)
        precondition(edited != yaml, "the edit replaces nothing")
        return edited
    }

    /// What applying a file to rows decides.
    static func decide(
        _ yaml: String, on rows: CatalogueRows = CatalogueRows(), prune: Bool = false
    ) throws(DocumentError) -> CataloguePlan {
        var ids = IdentifierSequence(seed: 7)
        return try CataloguePlan.decide(.sample(yaml), on: rows, prune: prune, ids: &ids, at: Sample.now)
    }

    /// The rows after the file as it stands was applied to none.
    static func rows() throws(DocumentError) -> CatalogueRows {
        var rows = CatalogueRows().applying(try decide(yaml))
        for index in rows.gateways.indices { rows.gateways[index].isInUse = rows.gateways[index].isActive }
        return rows
    }
}

extension CatalogueRows {
    /// The rows after a plan was written.
    func applying(_ plan: CataloguePlan) -> CatalogueRows {
        CatalogueRows(
            tenants: merge(tenants, plan.tenants, \.slug), hosts: merge(hosts, plan.hosts, \.host),
            networks: merge(networks, plan.networks, \.id), gateways: merge(gateways, plan.gateways, \.id),
            plans: merge(plans, plan.plans, \.id), coupons: merge(coupons, plan.coupons, \.id),
            groups: merge(groups, plan.groups, \.id))
    }

    private func merge<Row, Key: Hashable>(
        _ rows: [Row], _ changes: [CatalogueChange<Row>], _ key: KeyPath<Row, Key>
    ) -> [Row] {
        let changed = Dictionary(uniqueKeysWithValues: changes.map { ($0.row[keyPath: key], $0) })
        let kept = rows.compactMap { row -> Row? in
            guard let change = changed[row[keyPath: key]] else { return row }
            return change.sign == .deactivate && change.row is HostRow ? nil : change.row
        }
        let known = Set(rows.map { $0[keyPath: key] })
        return kept + changes.map(\.row).filter { !known.contains($0[keyPath: key]) }
    }
}
