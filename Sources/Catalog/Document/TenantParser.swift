internal import Primitives

/// Reads the tenants of a file.
struct TenantParser {
    let vocabulary: CatalogueVocabulary

    private static let keys = [
        "slug", "name", "currency", "timezone", "grace", "active", "wholesale", "sandbox", "sandbox_balance",
        "hosts", "networks",
        "gateways", "plans",
        "coupons", "groups", "customers",
    ]

    func tenant(_ value: ValueReader) throws(DocumentError) -> TenantDocument {
        let keys = try value.mapping("a tenant", keys: Self.keys)
        let slug = try slug(keys)
        let name = try keys.required("name").title()
        let currencyValue = try keys.required("currency")
        let currency = try currencyValue.currency()
        let catalogue = CatalogueParser(vocabulary: vocabulary, currency: currency)
        let people = CustomerParser(
            vocabulary: vocabulary, currency: currency, hasSandbox: try keys.flag("sandbox", default: false))
        let (float, limit) = try wholesale(keys, currency)
        return TenantDocument(
            mark: keys.mark, slug: slug, name: name, currency: Located(currency, at: currencyValue.mark),
            timezone: try keys.optional("timezone") { value throws(DocumentError) in try value.timeZone() }
                ?? "UTC",
            graceMilliseconds: try keys.optional("grace") { value throws(DocumentError) in
                try value.duration(orZero: true)
            } ?? 86_400_000,
            isActive: try keys.isActive(), float: float, wholesaleCreditLimit: limit,
            hosts: try keys.list("hosts", host), networks: try keys.list("networks", catalogue.network),
            gateways: try keys.list("gateways", catalogue.gateway),
            plans: try keys.list("plans", catalogue.plan),
            coupons: try keys.list("coupons", catalogue.coupon),
            groups: try keys.list("groups", catalogue.group),
            customers: try keys.list("customers", people.customer),
            listsCustomers: keys.optional("customers") != nil,
            sandboxBalance: try sandboxBalance(keys, currency)
        )
    }

    /// Names of sandboxes are kept for them, and must fit in a DNS label like all others.
    private func slug(_ keys: MappingReader) throws(DocumentError) -> String {
        let value = try keys.required("slug")
        let slug = try value.name(.slug)
        guard !slug.hasSuffix(Sandbox.suffix) else {
            throw value.problem(
                "a name that ends in \"\(Sandbox.suffix)\" is kept for the sandbox of a tenant")
        }
        if try keys.flag("sandbox", default: false), !Form.slug.isMatch(Sandbox.slug(of: slug)) {
            throw value.problem(
                "is too long for a tenant with a sandbox: \"\(Sandbox.slug(of: slug))\" has more than 63 letters"
            )
        }
        return slug
    }

    /// `nil` without a sandbox, of which nothing may be said then.
    private func sandboxBalance(
        _ keys: MappingReader, _ currency: Currency
    ) throws(DocumentError) -> Located<Money>? {
        let given = try keys.amount("sandbox_balance", currency)
        guard try keys.flag("sandbox", default: false) else {
            if let given { throw given.mark.problem("the tenant has no sandbox; say `sandbox: true` of it") }
            return nil
        }
        return given ?? Located(Sandbox.playBalance(in: currency), at: keys.mark)
    }

    private func wholesale(
        _ keys: MappingReader, _ currency: Currency
    ) throws(DocumentError) -> (Located<Money>?, Located<Money>) {
        guard let value = keys.optional("wholesale") else {
            return (nil, Located(.zero(currency), at: keys.mark))
        }
        let wholesale = try value.mapping("a wholesale account", keys: ["float", "credit_limit"])
        return (try wholesale.amount("float", currency), try wholesale.limit(currency))
    }

    func host(_ value: ValueReader) throws(DocumentError) -> HostDocument {
        let keys = try value.mapping("a host", keys: ["host", "dialect"])
        return HostDocument(
            mark: keys.mark, host: try keys.required("host").name(.hostName),
            dialect: try vocabulary.dialect(keys.required("dialect")).name
        )
    }
}

extension MappingReader {
    /// An amount that may be left out, with its place.
    func amount(_ key: String, _ currency: Currency) throws(DocumentError) -> Located<Money>? {
        try optional(key) { value throws(DocumentError) in
            Located(try value.money(in: currency), at: value.mark)
        }
    }

    /// `credit_limit`, which is nothing where it is left out.
    func limit(_ currency: Currency) throws(DocumentError) -> Located<Money> {
        try amount("credit_limit", currency) ?? Located(.zero(currency), at: mark)
    }
}
