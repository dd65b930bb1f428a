import Catalog
import Primitives
import Testing

@Suite("What a file changes")
struct CataloguePlanTests {
    @Test func `the first time everything is new`() throws {
        let plan = try Shop.decide(Shop.yaml)

        #expect(plan.lines.allSatisfy { $0.sign == .create && $0.fields.isEmpty })
        #expect(
            plan.lines.map(\.description) == [
                "+ tenant alba", "+ tenant brio", "+ alba host gate.alba.test", "+ alba network NL",
                "+ alba network NO",
                "+ brio network NL", "+ alba gateway one", "+ alba gateway many", "+ brio gateway one",
                "+ alba plan month", "+ alba plan bytes", "+ brio plan month", "+ alba coupon WELCOME",
                "+ brio coupon WELCOME",
            ])
        #expect(plan.versions.map(\.version) == [1, 1, 1])
        #expect(plan.tenantIDs == ["alba": TenantID(1), "brio": TenantID(2)])
    }

    @Test func `the same file again is nothing, and so is the same file pruning`() throws {
        let rows = try Shop.rows()
        #expect(try Shop.decide(Shop.yaml, on: rows).lines.isEmpty)
        #expect(try Shop.decide(Shop.yaml, on: rows, prune: true).lines.isEmpty)
    }

    struct Edit: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let line: String

        init(_ old: String, _ new: String, _ line: String) {
            (self.old, self.new, self.line) = (old, new, line)
        }
        var testDescription: String { line }
    }

    static let edits: [Edit] = [
        Edit("name: Alba", "name: Alba & Co", "~ tenant alba: name (Alba -> Alba & Co)"),
        Edit(
            "currency: EUR", "currency: EUR\n    grace: 90m\n    timezone: Europe/Oslo",
            "~ tenant alba: timezone (UTC -> Europe/Oslo), grace (1d -> 90m)"),
        Edit(
            "dialect: gate}", "dialect: octoprox}", "~ alba host gate.alba.test: dialect (gate -> octoprox)"),
        Edit("type: isp}", "type: isp, asn: AS64496}", "~ alba network NO: asn (none -> AS64496)"),
        Edit("type: isp}", "type: isp, low_stock: 0}", "~ alba network NO: low_stock (none -> 0)"),
        Edit("city: Rotterdam", "city: Utrecht", "~ brio network NL: city (Rotterdam -> Utrecht)"),
        Edit("12001-12200", "12001-12400", "~ alba gateway one: ports (12001-12200 -> 12001-12400)"),
        Edit(
            "protocols: [http, vless], vless_port: 12443", "protocols: [http]",
            "~ alba gateway one: protocols ([http, vless] -> [http]), vless_port (12443 -> none)"),
        Edit("name: Month", "name: Thirty days", "~ alba plan month: name (Month -> Thirty days)"),
        Edit(
            "price: \"12.00 EUR\"", "price: \"13.50 EUR\", popular: true",
            "~ alba plan month: price (12.00 EUR -> 13.50 EUR), popular (no -> yes)"),
        Edit(
            "price: \"12.00 EUR\"", "price: \"12.00 EUR\", auto_renew: true",
            "~ alba plan month: auto_renew (no -> yes)"),
        Edit(
            "duration: 30d, price: \"12.00 EUR\"", "duration: 3mo, price: \"12.00 EUR\"",
            "~ alba plan month: duration (30d -> 3mo)"),
        Edit(
            "duration: 30d, price: \"12.00 EUR\"", "price: null",
            "~ alba plan month: duration (30d -> none), price (12.00 EUR -> none)"),
        Edit(
            "bandwidth_gb: 5", "threads: 100",
            "~ alba plan bytes: threads (none -> 100), bandwidth_gb (5 -> none)"),
        Edit(
            "bandwidth_gb: 5", "bandwidth_gb: 5, countries: [mixed, nl], rotations: [instant, 5m]",
            "~ alba plan bytes: countries ([] -> [mixed, nl]), rotations ([] -> [instant, 5m])"),
        Edit(
            "max_a: 1", "max_a: -1",
            "~ alba plan bytes: limits ({\"max_a\":1,\"max_b\":2} -> {\"max_a\":-1,\"max_b\":2})"),
        Edit(
            "price: \"12.00 EUR\"", "price: \"12.00 EUR\", sort_order: 99",
            "~ alba plan month: sort_order (10 -> 99)"),
        Edit(
            "percent_off: \"12.5\"", "amount_off: \"5 EUR\"",
            "~ alba coupon WELCOME: percent_off (12.5 -> none), amount_off (none -> 5.00 EUR)"),
        Edit(
            "percent_off: \"12.5\"", "percent_off: \"12.5\", max_discount: \"10 EUR\", budget: \"500 EUR\"",
            "~ alba coupon WELCOME: max_discount (none -> 10.00 EUR), budget (none -> 500.00 EUR)"),
        Edit(
            "percent_off: \"12.5\"", "percent_off: \"12.5\", first_order: true, renewals: 3",
            "~ alba coupon WELCOME: first_order (no -> yes), renewals (none -> 3)"),
        Edit(
            "percent_off: \"12.5\"", "percent_off: \"12.5\", customers: [Cat@alba.test, ann@alba.test]",
            "~ alba coupon WELCOME: customers (none -> [ann@alba.test, cat@alba.test])"),
        Edit(
            "plans: [month]", "plans: [bytes, month]",
            "~ alba coupon WELCOME: plans ([month] -> [bytes, month])"),
        Edit(
            "amount_off: \"100 JPY\"", "amount_off: \"100 JPY\", active: false",
            "~ brio coupon WELCOME: active (yes -> no)"),
        Edit(
            "amount_off: \"100 JPY\"", "amount_off: \"100 JPY\", starts_at: 2026-02-01T00:00:00.25+01:00",
            "~ brio coupon WELCOME: starts_at (none -> 2026-01-31T23:00:00.250Z)"),
    ]

    @Test(arguments: edits)
    func `an edit changes what was edited, and says from what to what`(edit: Edit) throws {
        let rows = try Shop.rows()
        let file = Shop.edited(edit.old, edit.new)

        let plan = try Shop.decide(file, on: rows)

        #expect(plan.lines.map(\.description) == [edit.line])
        #expect(try Shop.decide(file, on: rows.applying(plan)).lines.isEmpty)
    }

    @Test func `spellings of one value are one value`() throws {
        let rows = try Shop.rows()
        for (old, new) in [
            ("duration: 30d", "duration: 720h"), ("\"12.00 EUR\"", "\"12 EUR\""), ("\"12.5\"", "12.50"),
            ("{max_b: 2, max_a: 1}", "{max_a: 1, max_b: 2}"), ("code: WELCOME, p", "code: welcome, p"),
            (
                "sells_in: [gate]}\n      - {code: bytes",
                "popular: false, trial: null, sells_in: [gate]}\n      - {code: bytes"
            ),
        ] {
            #expect(try Shop.decide(Shop.edited(old, new), on: rows).lines.isEmpty, "\(old) -> \(new)")
        }
    }

    /// Orders name the version they were priced with, so what they were priced with never changes under them.
    @Test func `new terms are a new version, a new name is not`() throws {
        let rows = try Shop.rows()
        let dearer = try Shop.decide(Shop.edited("12.00 EUR", "13.00 EUR"), on: rows)
        #expect(dearer.versions.map(\.version) == [2] && dearer.versions.first?.price?.minor == 13_00)
        #expect(dearer.plans.map(\.row.version) == [2])

        let renamed = try Shop.decide(Shop.edited("name: Month", "name: Moon"), on: rows.applying(dearer))
        #expect(renamed.versions.map(\.version) == [3], "the price went back, and that is a version too")

        let monthly = try Shop.decide(
            Shop.edited("duration: 30d, price: \"12", "duration: 1mo, price: \"12"), on: rows)
        #expect(monthly.versions.map(\.version) == [2] && monthly.versions.first?.duration == .months(1))

        let onlyRenamed = try Shop.decide(Shop.edited("name: Month", "name: Moon"), on: rows)
        #expect(onlyRenamed.versions.isEmpty && onlyRenamed.plans.map(\.row.version) == [1])
    }

    @Test func `what is left out is left alone`() throws {
        let only = "tenants: [{slug: alba, name: Alba, currency: EUR}]"
        #expect(try Shop.decide(only, on: Shop.rows()).lines.isEmpty)
    }

    @Test func `what is left out is deactivated by pruning, hosts deleted, and stays so`() throws {
        let rows = try Shop.rows()
        let only = "tenants: [{slug: alba, name: Alba, currency: EUR}]"

        let plan = try Shop.decide(only, on: rows, prune: true)

        #expect(
            plan.lines.map(\.description) == [
                "- tenant brio", "- alba host gate.alba.test", "- alba network NL", "- alba network NO",
                "- alba gateway one", "- alba gateway many", "- alba plan month", "- alba plan bytes",
                "- alba coupon WELCOME",
            ])
        let pruned = rows.applying(plan)
        #expect(pruned.plans.filter { $0.tenant == TenantID(1) }.allSatisfy { !$0.isActive })
        #expect(pruned.hosts.isEmpty)
        #expect(try Shop.decide(only, on: pruned, prune: true).lines.isEmpty)
    }

    @Test func `what is listed again is active again`() throws {
        let rows = try Shop.rows()
        let only = "tenants: [{slug: alba, name: Alba, currency: EUR}]"
        let pruned = rows.applying(try Shop.decide(only, on: rows, prune: true))

        let plan = try Shop.decide(Shop.yaml, on: pruned)

        #expect(plan.lines.contains { $0.description == "~ tenant brio: active (no -> yes)" })
        #expect(plan.lines.contains { $0.description == "~ alba plan month: active (no -> yes)" })
        #expect(plan.versions.isEmpty)
    }

    @Test func `a new plan goes last, and nobody else moves`() throws {
        let file = Shop.edited(
            "plans:\n",
            "plans:\n      - {code: week, name: Week, product: proxy, duration: 7d, price: \"4 EUR\"}\n")
        let plan = try Shop.decide(file, on: Shop.rows())
        #expect(plan.lines.map(\.description) == ["+ alba plan week"])
        #expect(plan.plans.map(\.row.sortOrder) == [30])
    }
}
