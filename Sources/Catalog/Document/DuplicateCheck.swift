/// Refuses what a file lists twice; the second place is the error, the first is named in it.
enum DuplicateCheck {
    static func run(_ tenants: [TenantDocument]) throws(DocumentError) {
        try refuse(tenants.map { ($0.slug, $0.mark) }, "tenant")
        try refuse(tenants.flatMap(\.hosts).map { ($0.host, $0.mark) }, "host")
        let keys = tenants.flatMap(\.customers).flatMap(\.keys).compactMap(\.key)
        try refuse(keys.map { ($0.value, $0.mark) }, "key", isSecret: true)
        for tenant in tenants {
            try refuse(tenant.networks.map { ($0.code, $0.mark) }, "network")
            try refuse(tenant.gateways.map { ($0.name, $0.mark) }, "gateway")
            try refuse(tenant.plans.map { ($0.code, $0.mark) }, "plan")
            try refuse(tenant.groups.map { ($0.code, $0.mark) }, "group")
            try refuse(tenant.coupons.map { ($0.code.text, $0.mark) }, "coupon")
            try refuse(tenant.customers.map { ($0.email, $0.mark) }, "customer")
            try refuse(tenant.customers.map { ($0.username, $0.mark) }, "customer")
            let users = tenant.customers.flatMap(\.users)
            try refuse(users.map { ($0.username, $0.mark) }, "user")
            try refuse(users.map { ($0.email, $0.mark) }, "user")
        }
    }

    private static func refuse(
        _ names: [(name: String, mark: SourceMark)], _ kind: String, isSecret: Bool = false
    ) throws(DocumentError) {
        var seen: [String: SourceMark] = [:]
        for (name, mark) in names {
            if let first = seen.updateValue(mark, forKey: name) {
                let what = isSecret ? "this \(kind)" : "\(kind) \"\(name)\""
                throw mark.problem("\(what) is listed twice; the first time in line \(first.line)")
            }
        }
    }
}
