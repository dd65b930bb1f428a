import Catalog
import Foundation
import Postgres
import Primitives
import Server
import Synchronization
import TestSupport
import Testing

/// Passwords in no time: the hash is the password with a salt that differs every time.
final class QuickHasher: SecretHasher {
    private let salts = Atomic<Int>(0)

    func hash(_ password: String) async throws -> String {
        "\(salts.wrappingAdd(1, ordering: .relaxed).newValue)$\(password)"
    }

    func verify(_ password: String, _ encoded: String?) async throws -> Bool {
        encoded?.split(separator: "$", maxSplits: 1).last.map(String.init) == password
    }
}

/// What a test of `tollgate apply` says and asks.
struct Office {
    let database: TestDatabase
    let hasher = QuickHasher()

    var apply: CatalogueApply {
        CatalogueApply(pool: database.owner, dialects: .all, hasher: hasher)
    }

    @discardableResult
    func apply(_ yaml: String, dryRun: Bool = false, prune: Bool = false) async throws -> ApplyReport {
        try await apply.apply(
            Array(yaml.utf8), file: "shop.yaml", options: ApplyOptions(isDryRun: dryRun, prunes: prune))
    }

    /// What one query answers, as text: rows in lines, columns with a space between them.
    @discardableResult
    func ask(_ query: String) async throws -> [String] {
        try await database.owner.run { connection in
            let result = try connection.query(Statement(unsafeRaw: query))
            return try result.map { row in
                try (0..<result.columnNames.count).map { try row.get($0, as: String?.self) ?? "-" }.joined(
                    separator: " ")
            }
        }
    }

    /// Every row of every table that an apply writes, in one text each: equal before and after means
    /// untouched.
    func everything() async throws -> [String] {
        var rows: [String] = []
        for table in [
            "tenants", "hosts", "networks", "gateways", "plans", "plan_versions", "coupons", "customers",
            "customer_users", "customer_recovery_codes", "api_keys", "accounts", "journal_entries",
            "transfers", "outbox_events", "audit_log",
        ] {
            rows += try await ask("SELECT '\(table) ' || t::text FROM \(table) t ORDER BY 1")
        }
        return rows
    }

    static func demo() throws -> String {
        try String(contentsOfFile: TestPaths.fixture("demo.yaml"), encoding: .utf8)
    }
}

/// Two tenants with the same codes and customers.
let shop = """
    tenants:
      - slug: alba
        name: Alba
        currency: EUR
        wholesale: {float: "500.00 EUR"}
        hosts: [{host: gate.alba.test, dialect: gate}]
        networks: [{code: NL, city: Amsterdam, country: NL, type: mobile}, {code: "NO", city: Oslo, country: NO, type: isp}]
        gateways: [{name: one, network: NL, host: 127.0.0.1, ports: 12001-12200, protocols: [http]}]
        plans:
          - {code: month, name: Month, product: proxy, connection: private, network: NL, duration: 30d, price: "12.00 EUR", sells_in: [gate], threads: 5}
        coupons: [{code: WELCOME, percent_off: "20", max_redemptions: 10, plans: [month]}]
        customers:
          - email: ann@example.com
            username: ann
            balance: "100.00 EUR"
            keys: [{dialect: gate, key: rk_alba00000000000000000000000000000000, trials: true}]
            users: [{username: ann, email: ann@example.com, password: secret, role: admin}]
      - slug: brio
        name: Brio
        currency: JPY
        networks: [{code: NL, city: Rotterdam, country: NL, type: datacenter}]
        gateways: [{name: one, network: NL, host: 127.0.0.2, ports: 12001-12200, protocols: [http]}]
        plans:
          - {code: month, name: Month, product: proxy, connection: private, network: NL, duration: 30d, price: "900 JPY", sells_in: [gate]}
        coupons: [{code: WELCOME, amount_off: "100 JPY"}]
        customers:
          - email: ann@example.com
            username: ann
            balance: "5000 JPY"
            keys: [{dialect: gate, key: rk_brio00000000000000000000000000000000}]
            users: [{username: ann, email: ann@example.com, password: other, role: viewer}]

    """

/// The shop with one piece of its text replaced.
func edited(_ old: String, _ new: String, in yaml: String = shop) -> String {
    guard let place = yaml.range(of: old) else { preconditionFailure("the edit replaces nothing") }
    return yaml.replacingCharacters(in: place, with: new)
}
