import Catalog
import Testing

/// A whole tenant in few lines; each row replaces one of them and expects one error.
private let shop = """
    tenants:
      - slug: alba
        name: Alba
        currency: EUR
        timezone: Europe/Amsterdam
        wholesale: {float: "500.00 EUR"}
        hosts: [{host: gate.alba.test, dialect: gate}]
        networks:
          - {code: NL-AMS, city: Amsterdam, country: NL, type: mobile}
        gateways:
          - {name: ams-1, network: NL-AMS, host: 127.0.0.1, ports: 12001-12200, protocols: [http]}
        plans:
          - {code: mobile, name: Mobile, product: proxy, connection: private, network: NL-AMS, duration: 30d, price: "12.00 EUR", sells_in: [gate]}
        coupons:
          - {code: WELCOME, percent_off: "20"}
        customers:
          - email: ann@example.com
            username: ann
            keys: [{dialect: gate, key: rk_0000000000000000000000000000}]
            users: [{username: ann, email: ann@example.com, password: secret, role: admin}]
    """

@Suite("Errors in a catalogue file")
struct DocumentErrorTests {
    /// The error stands where ▸ is; where a row has no ▸, its error begins with line and column.
    struct Row: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let error: String

        init(_ old: String, _ new: String, _ error: String) {
            (self.old, self.new, self.error) = (old, new, error)
        }

        var testDescription: String { error }
    }

    @Test func `the file that every row breaks is right itself`() throws {
        let document = try CatalogueDocument.sample(shop)
        #expect(document.tenants.map(\.slug) == ["alba"])
    }

    @Test(arguments: unknownKeys + missingKeys + wrongTypes + twice)
    func `the shape of the file: one error, at its place`(row: Row) { expect(row) }

    @Test(arguments: words + money + times + ports)
    func `a value that cannot be: one error, at its place`(row: Row) { expect(row) }

    @Test(arguments: combinations)
    func `values that cannot be together: one error, at its place`(row: Row) { expect(row) }

    private func expect(_ row: Row) {
        let marked = shop.replacingFirst(row.old, by: row.new)
        #expect(marked != shop, "the row replaces nothing")
        #expect {
            try CatalogueDocument.sample(marked.withoutMarker)
        } throws: { error in
            #expect("\(error)" == "shop.yaml:" + marked.placeOfMarker + row.error)
            return error is DocumentError
        }
    }
}

extension DocumentErrorTests {
    static let unknownKeys = [
        Row("tenants:", "tenant:", "1:1: unknown key \"tenant\" in a catalogue; did you mean \"tenants\"?"),
        Row(
            "    timezone:", "    timezome:",
            "5:5: unknown key \"timezome\" in a tenant; did you mean \"timezone\"?"),
        Row(
            "country: NL", "▸land: NL",
            "unknown key \"land\" in a network; it is one of code, city, country, type, "
                + "exit_class, asn, asn_org, low_stock, active"),
        Row("ports: 12001", "▸prots: 12001", "unknown key \"prots\" in a gateway; did you mean \"ports\"?"),
        Row("price:", "▸prcie:", "unknown key \"prcie\" in a plan; did you mean \"price\"?"),
        Row(
            "percent_off", "▸percentoff",
            "unknown key \"percentoff\" in a coupon; did you mean \"percent_off\"?"),
        Row(
            "username: ann\n", "user_name: ann\n",
            "18:9: unknown key \"user_name\" in a customer; did you mean \"username\"?"),
        Row("password:", "▸pasword:", "unknown key \"pasword\" in a user; did you mean \"password\"?"),
        Row(
            "{dialect: gate, key", "{dialekt: gate, key",
            "19:17: unknown key \"dialekt\" in a key; did you mean \"dialect\"?"),
        Row(
            "{float:", "{flaot:",
            "6:17: unknown key \"flaot\" in a wholesale account; did you mean \"float\"?"),
        Row("{host: gate", "{hots: gate", "7:14: unknown key \"hots\" in a host; did you mean \"host\"?"),
        Row(
            "{code: WELCOME,", "{<<: {code: W},",
            "15:10: merge keys (<<) are not read; write the keys out"),
    ]

    static let missingKeys = [
        Row("slug: alba\n    name: Alba", "slug: alba", "2:5: missing key \"name\" in a tenant"),
        Row("code: NL-AMS, ", "", "9:9: missing key \"code\" in a network"),
        Row("network: NL-AMS, host", "host", "11:9: missing key \"network\" in a gateway"),
        Row("ports: 12001-12200, ", "", "11:9: missing key \"ports\" or \"shared_port\" in a gateway"),
        Row(", protocols: [http]", "", "11:9: missing key \"protocols\" in a gateway"),
        Row("price: \"12.00 EUR\", ", "", "13:9: missing key \"price\" in a plan"),
        Row("duration: 30d, ", "", "13:9: missing key \"duration\" in a plan with a price"),
        Row(", percent_off: \"20\"", "", "15:9: missing key \"percent_off\" or \"amount_off\" in a coupon"),
        Row(
            "    username: ann\n", "    balance: \"1.00 EUR\"\n",
            "17:9: missing key \"username\" in a customer"),
        Row("{dialect: gate, key", "{key", "19:16: missing key \"dialect\" in a key"),
        Row(", role: admin", "", "20:17: missing key \"role\" in a user"),
        Row(", dialect: gate}]\n    networks", "}]\n    networks", "7:13: missing key \"dialect\" in a host"),
    ]

    static let wrongTypes = [
        Row(
            "tenants:\n", "tenants: none\nx:\n", "2:1: unknown key \"x\" in a catalogue; it is one of tenants"
        ),
        Row(
            "    hosts: [{host: gate.alba.test, dialect: gate}]", "    hosts: gate.alba.test",
            "7:12: hosts: must be a list, not the text \"gate.alba.test\""),
        Row(
            "- {code: WELCOME, percent_off: \"20\"}", "- WELCOME",
            "15:9: a coupon must be a mapping of keys to values, not the text \"WELCOME\""),
        Row(
            "- {code: WELCOME, percent_off: \"20\"}", "- [WELCOME]",
            "15:9: a coupon must be a mapping of keys to values, not a list"),
        Row("name: Alba", "name: [Alba]", "3:11: name: must be a single value, not a list"),
        Row("name: Alba", "name: {de: Alba}", "3:11: name: must be a single value, not a mapping"),
        Row("name: Alba", "name:", "3:10: name: has no value"),
        Row("name: Alba", "name: \"a\\u0007b\"", "3:11: name: must not contain control characters"),
        Row("name: Alba", "? [a]\n    : Alba", "3:7: a key must be a word"),
        Row("duration: 30d", "duration: 30d, auto_renew: ▸1", "auto_renew: \"1\" is neither true nor false"),
        Row("duration: 30d", "duration: 30d, popular: ▸1", "popular: \"1\" is neither true nor false"),
        Row("\"20\"}", "\"20\", per_customer: ▸one}", "per_customer: \"one\" is no whole number"),
        Row("\"20\"}", "\"20\", per_customer: ▸1.5}", "per_customer: \"1.5\" is no whole number"),
        Row("\"20\"}", "\"20\", per_customer: ▸0}", "per_customer: 0 is not within 1 and 2147483647"),
        Row(
            "tenants:", "tenants: [",
            "2:3: not YAML: while parsing a flow node did not find expected node content"),
        Row(
            "slug: alba", "slug: \"alba",
            "6:25: not YAML: while parsing a block mapping did not find expected key"),
        Row("slug: alba", "slug: *alba", "2:11: not YAML: found undefined alias"),
        Row(
            "tenants:", "--- {}\n---\ntenants:",
            "2:1: not YAML: expected a single document in the stream but found another document"),
    ]

    static let twice = [
        Row("name: Alba", "name: Alba\n    name: Brio", "3:5: key \"name\" is given twice in one mapping"),
        Row(
            "    gateways:\n", "      - {code: NL-AMS, city: A, country: NL, type: isp}\n    gateways:\n",
            "10:9: network \"NL-AMS\" is listed twice; the first time in line 9"),
        Row(
            "    coupons:\n", "    coupons:\n      - {code: welcome, amount_off: \"1 EUR\"}\n",
            "16:9: coupon \"WELCOME\" is listed twice; the first time in line 15"),
        Row(
            "[{host: gate.alba.test, dialect: gate}]",
            "[{host: gate.alba.test, dialect: gate}, ▸{host: gate.alba.test, dialect: proxaro}]",
            "host \"gate.alba.test\" is listed twice; the first time in line 7"),
        Row(
            "    customers:\n", "    customers:\n      - {email: ANN@example.com, username: bob}\n",
            "18:9: customer \"ann@example.com\" is listed twice; the first time in line 17"),
        Row(
            "    customers:\n",
            "    customers:\n      - {email: b@c, username: b, keys: [{dialect: gate, key: rk_0000000000000000000000000000}]}\n",
            "20:37: this key is listed twice; the first time in line 17"),
        Row(
            "users: [", "users: [{username: ann, email: b@c, password: secret, role: viewer}, ▸",
            "user \"ann\" is listed twice; the first time in line 20"),
    ]

    static let words = [
        Row(
            "slug: alba", "slug: Alba Shop",
            "2:11: slug: \"Alba Shop\" is no DNS label: lower-case letters, digits and inner hyphens, at most 63"
        ),
        Row(
            "currency: EUR", "currency: EUX",
            "4:15: currency: \"EUX\" is no currency of ISO 4217; did you mean \"EUR\"?"),
        Row(
            "Europe/Amsterdam", "Europe/Amsterdum",
            "5:15: timezone: \"Europe/Amsterdum\" is no time zone, like Europe/Amsterdam or UTC"),
        Row(
            "dialect: gate}]\n", "dialect: gaet}]\n",
            "7:45: dialect: \"gaet\" is not known; did you mean \"gate\"?"),
        Row(
            "host: gate.alba.test", "host: https://gate.alba.test",
            "7:20: host: \"https://gate.alba.test\" is no host name: lower-case DNS labels with dots between them"
        ),
        Row(
            "country: NL", "country: ▸Norway",
            "country: \"Norway\" is no country: two capital letters of ISO 3166-1, like NL"),
        Row(
            "country: NL", "country: ▸no",
            "country: \"no\" is no country: two capital letters of ISO 3166-1, like NL"),
        Row("type: mobile", "type: ▸moblie", "type: \"moblie\" is not known; did you mean \"mobile\"?"),
        Row(
            "type: mobile", "type: ▸satellite",
            "type: \"satellite\" is not known; it is one of mobile, residential, isp, datacenter"),
        Row("type: mobile", "type: mobile, asn: ▸1136", "asn: \"1136\" is no AS number, like AS1136"),
        Row(
            "protocols: [http]", "protocols: [http, ▸socks4]",
            "protocols: \"socks4\" is not known; did you mean \"socks5\"?"),
        Row(
            "protocols: [http]", "protocols: [http], driver: ▸sing_box",
            "driver: \"sing_box\" is not known; did you mean \"sing-box\"?"),
        Row(
            "product: proxy", "product: ▸Proxy Port",
            "product: \"Proxy Port\" is no word: lower-case letters, digits and \"_\", at most 64"),
        Row(
            "sells_in: [gate]", "sells_in: [gate, ▸telnet]",
            "sells_in: \"telnet\" is not known; it is one of gate, opproxy, proxaro, octoprox, marchproxy"),
        Row(
            "code: WELCOME", "code: 20%",
            "15:16: code: \"20%\" is no coupon code: letters, digits, \"_\" and \"-\", at most 64"),
        Row(
            "\"20\"}", "\"20\", applies_to: [▸upgrade]}",
            "applies_to: \"upgrade\" is not known; it is one of purchase, renewal, trial, extension, plan_change, usage, adjustment"
        ),
        Row(
            "ann@example.com\n", "ann.example.com\n", "17:16: email: \"ann.example.com\" is no e-mail address"
        ),
        Row(
            "key: rk_0000000000000000000000000000", "key: ▸sk_0000000000000000000000000000",
            "key: is no key of gate, which begin with \"rk_\"; leave it out to have one made"),
        Row(
            "{dialect: gate, key", "{dialect: ▸octoprox, key",
            "dialect: octoprox has no API keys; its people sign in"),
        Row(
            "role: admin", "role: ▸owner", "role: \"owner\" is not known; it is one of admin, editor, viewer"),
    ]

    static let money = [
        Row(
            "\"12.00 EUR", "▸\"12.00",
            "price: \"12.00\" is no amount: write number, space, currency, like \"12.00 USD\""),
        Row(
            "\"12.00 EUR", "▸\"12.001 EUR",
            "price: \"12.001\" is not in the units of EUR: at most 2 digits after the point"),
        Row("\"12.00 EUR", "▸\"12,00 EUR", "price: \"12,00\" is no number"),
        Row(
            "\"12.00 EUR", "▸\"99999999999999999999 EUR",
            "price: \"99999999999999999999\" is too large an amount"),
        Row("\"12.00 EUR", "▸\"-1.00 EUR", "price: \"-1.00 EUR\" must not be negative"),
        Row("\"12.00 EUR", "▸\"12.00 ERU", "price: \"ERU\" is no currency of ISO 4217"),
        Row("\"12.00 EUR", "▸\"12.00 USD", "price: \"12.00 USD\" is not in EUR, the tenant's currency"),
        Row(
            "currency: EUR", "currency: JPY",
            "6:24: float: \"500.00 EUR\" is not in JPY, the tenant's currency"),
        Row(
            "currency: EUR\n    timezone: Europe/Amsterdam\n    wholesale: {float: \"500.00 EUR\"}",
            "currency: JPY\n    wholesale: {float: \"500.5 JPY\"}",
            "5:24: float: \"500.5\" is not in the units of JPY: whole numbers only"),
        Row(
            "percent_off: \"20\"", "percent_off: \"0\"",
            "15:38: percent_off: \"0\" is no percentage: above 0, at most 100, at most two decimals, no sign"),
        Row(
            "percent_off: \"20\"", "percent_off: 100.01",
            "15:38: percent_off: \"100.01\" is no percentage: above 0, at most 100, at most two decimals, no sign"
        ),
        Row(
            "percent_off: \"20\"", "percent_off: 20%",
            "15:38: percent_off: \"20%\" is no percentage: above 0, at most 100, at most two decimals, no sign"
        ),
        Row("percent_off: \"20\"", "amount_off: \"0 EUR\"", "15:37: amount_off: must be more than nothing"),
        Row(
            "\"20\"}", "\"20\", min_amount: \"5 USD\"}",
            "15:56: min_amount: \"5 USD\" is not in EUR, the tenant's currency"),
    ]

    static let times = [
        Row("30d", "▸30", "duration: \"30\" is no duration: 30d, 12h, 90m, 45s or 1500ms"),
        Row("30d", "▸1w", "duration: \"1w\" is no duration: 30d, 12h, 90m, 45s or 1500ms"),
        Row("30d", "▸-1d", "duration: \"-1d\" is no duration: 30d, 12h, 90m, 45s or 1500ms"),
        Row("30d", "▸0d", "duration: must be longer than nothing"),
        Row("30d", "▸36526d", "duration: \"36526d\" is longer than 100 years"),
        Row("30d", "▸9223372036854775807d", "duration: \"9223372036854775807d\" is longer than 100 years"),
        Row("30d", "▸0mo", "duration: must be longer than nothing"),
        Row("30d", "▸1201mo", "duration: \"1201mo\" is longer than 100 years"),
        Row("30d", "▸99999999999mo", "duration: \"99999999999mo\" is longer than 100 years"),
        Row(
            "30d", "▸1.5mo",
            "duration: \"1.5mo\" is no duration: months are whole ones, like 1mo, 3mo or 12mo"),
        Row(
            "30d", "▸-1mo", "duration: \"-1mo\" is no duration: months are whole ones, like 1mo, 3mo or 12mo"),
        Row("30d", "▸mo", "duration: \"mo\" is no duration: months are whole ones, like 1mo, 3mo or 12mo"),
        Row("30d", "▸1M", "duration: \"1M\" is no duration: 30d, 12h, 90m, 45s or 1500ms"),
        Row("30d", "30d, trial: ▸1mo", "trial: \"1mo\": only a plan's own duration is told in months"),
        Row(
            "\"20\"}", "\"20\", starts_at: 2026-01-31T00:00:00}",
            "15:55: starts_at: \"2026-01-31T00:00:00\" is no time of RFC 3339 with a zone, like 2026-01-31T00:00:00Z"
        ),
        Row(
            "\"20\"}", "\"20\", starts_at: 2026-02-29T00:00:00Z}",
            "15:55: starts_at: \"2026-02-29T00:00:00Z\" is no time of RFC 3339 with a zone, like 2026-01-31T00:00:00Z"
        ),
        Row(
            "\"20\"}", "\"20\", starts_at: 2026-02-01T00:00:00Z, ends_at: 2026-02-01T01:00:00+01:00}",
            "15:86: ends_at: a coupon ends after it starts"),
        Row(
            "key: rk_0000000000000000000000000000", "rate_limit: 120",
            "19:44: rate_limit: \"120\" is no rate: requests in a time, like 120/1m, or off"),
        Row(
            "key: rk_0000000000000000000000000000", "rate_limit: 120/min",
            "19:44: rate_limit: \"120/min\" is no rate: requests in a time, like 120/1m, or off"),
    ]

    static let ports = [
        Row(
            "type: mobile}", "type: mobile, low_stock: ▸-1}",
            "low_stock: -1 is not within 0 and 2147483647"),
        Row("12001-12200", "▸12001", "ports: \"12001\" is no range of ports, like 12001-12200"),
        Row("12001-12200", "▸12200-12001", "ports: \"12200-12001\" is no range of ports, like 12001-12200"),
        Row("12001-12200", "▸60000-65536", "ports: \"60000-65536\" is no range of ports, like 12001-12200"),
        Row("12001-12200", "▸1000-2000", "ports: port 1000 is reserved; use 1024 or above"),
        Row(
            "ports: 12001-12200", "shared_port: ▸443", "shared_port: port 443 is reserved; use 1024 or above"),
        Row("ports: 12001-12200", "shared_port: ▸70000", "shared_port: 70000 is not within 1 and 65535"),
    ]

    static let combinations = [
        Row(
            "ports: 12001-12200", "ports: 12001-12200, shared_port: ▸7777",
            "a gateway has either ports or a shared_port, not both"),
        Row("[http]", "▸[]", "protocols: a gateway speaks at least one protocol"),
        Row("[http]", "▸[http, http]", "protocols: a protocol is listed twice"),
        Row("[http]", "[http, vless]", "11:9: missing key \"vless_port\" in a gateway that speaks vless"),
        Row("[http]", "[http], vless_port: ▸12443", "vless_port: the gateway's protocols do not list vless"),
        Row(
            "network: NL-AMS, duration", "duration",
            "13:66: connection: a private port needs a network to come from"),
        Row(
            "network: NL-AMS, duration", "network: NL-AMS, networks: ▸[NL-AMS], duration",
            "networks: a plan has a network or networks, not both"),
        Row(
            "network: NL-AMS, duration", "networks: ▸[NL-AMS, NL-AMS], duration",
            "networks: a network is listed twice"),
        Row(
            "network: NL-AMS, duration", "networks: ▸[NL-AMS, NL-ROT], duration",
            "networks: \"gate\" sells single ports: a plan in it has exactly one network"),
        Row(
            "connection: private, network: NL-AMS, duration: 30d, price: \"12.00 EUR\", sells_in: [gate]",
            "duration: 30d, price: \"12.00 EUR\", sells_in: [opproxy, ▸gate]",
            "sells_in: \"gate\" sells single ports: a plan in it has exactly one network"),
        Row(
            "duration: 30d", "duration: 30d, countries: [nl, ▸NL], rotations: [5m]",
            "countries: \"NL\" is no country of an exit: 2 to 32 lower-case letters and digits, like mixed or nl"
        ),
        Row(
            "duration: 30d", "duration: 30d, countries: ▸[nl, nl], rotations: [5m]",
            "countries: a word is listed twice"),
        Row(
            "duration: 30d", "duration: 30d, countries: [nl], rotations: [instant, ▸90s]",
            "rotations: \"90s\" is no rotation of an exit: instant, or whole minutes like 5m"),
        Row(
            "duration: 30d", "duration: 30d, countries: [nl], rotations: [▸05m]",
            "rotations: \"05m\" is no rotation of an exit: instant, or whole minutes like 5m"),
        Row(
            "duration: 30d", "duration: 30d, countries: ▸[nl]",
            "countries: a plan that lets its exit be chosen needs rotations too"),
        Row(
            "duration: 30d", "duration: 30d, rotations: ▸[5m]",
            "rotations: a plan that lets its exit be chosen needs countries too"),
        Row(
            "duration: 30d", "duration: 30d, threads: ▸0", "threads: 0 is not within 1 and 2147483647"),
        Row("duration: 30d", "duration: 30d, rotation: ▸[5, 5]", "rotation: an interval is listed twice"),
        Row(
            "\"20\"}", "\"20\", amount_off: \"5 EUR\"}",
            "15:56: a coupon has either percent_off or amount_off, not both"),
        Row(
            "\"20\"}", "\"20\", plans: []}",
            "15:51: plans: a coupon for no plan is good for nothing; leave the key out"),
        Row(
            "\"20\"}", "\"20\", applies_to: ▸[]}",
            "applies_to: a coupon for no order is good for nothing; leave the key out"),
        Row(
            "percent_off: \"20\"", "amount_off: \"5 EUR\", max_discount: ▸\"4 EUR\"",
            "max_discount: is for percentages; amount_off is the most already"),
        Row(
            "\"20\"}", "\"20\", max_discount: ▸\"0 EUR\"}", "max_discount: must be more than nothing"),
        Row("\"20\"}", "\"20\", budget: ▸\"0 EUR\"}", "budget: must be more than nothing"),
        Row(
            "\"20\"}", "\"20\", budget: ▸\"5 USD\"}", "budget: \"5 USD\" is not in EUR, the tenant's currency"
        ),
        Row(
            "\"20\"}", "\"20\", customers: ▸[]}",
            "customers: a coupon for nobody is good for nothing; leave the key out"),
        Row(
            "\"20\"}", "\"20\", first_order: ▸maybe}", "first_order: \"maybe\" is neither true nor false"),
        Row("\"20\"}", "\"20\", renewals: ▸0}", "renewals: 0 is not within 1 and 1200"),
        Row("\"20\"}", "\"20\", renewals: ▸1201}", "renewals: 1201 is not within 1 and 1200"),
        Row(
            "\"20\"}", "\"20\", applies_to: [renewal], renewals: ▸3}",
            "renewals: renewals are promised by a purchase, which applies_to does not list"),
    ]
}
