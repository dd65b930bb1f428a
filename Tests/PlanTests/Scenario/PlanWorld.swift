import Catalog
import Postgres
import Primitives
import Provisioning
import Server
import TestSupport

/// Two resellers with the same catalogue, one of whom the scenario is about.
struct PlanWorld {
    let database: TestDatabase
    let tenant: TenantID
    let answers = RememberedAnswers(installationSeal)
    let seal = CredentialSeal(installationSeal)
    let ids = ProcessIdentifiers(seed: 3)
    let random = SeededRandom(seed: 9)

    var clock: ManualClock { database.clock }

    private static let installationSeal = Seal(
        InstallationKey(id: 1, bytes: [UInt8](repeating: 7, count: 32))!)
    static let currency = Currency("EUR")!
    static let annKey = "rk_alba_ann_0000000000000000000000000000000"

    init(_ database: TestDatabase) async throws {
        self.database = database
        try await Self.apply(on: database)
        tenant = try await database.owner.run {
            try $0.query("SELECT id FROM tenants WHERE slug = 'alba'")[0].get(0)
        }
    }

    /// Writes the catalogue, its customers and what they have paid in.
    static func apply(on database: TestDatabase) async throws {
        let apply = CatalogueApply(pool: database.owner, dialects: .all, hasher: NoPasswords())
        _ = try await apply.apply(Array(catalogue.utf8), file: "plans.yaml")
    }

    /// The id of what the tenant calls by a code in a table.
    func id<Subject>(_ table: String, _ column: String, _ code: String) async throws -> Identifier<Subject> {
        let query: Statement = """
            SELECT id FROM \(unsafeRaw: table) WHERE tenant_id = \(tenant) AND \(unsafeRaw: column) = \(code)
            """
        let bits = try await database.owner.run { try $0.query(query)[0].get(0, as: IdentifierBits.self) }
        return Identifier(bits: bits)
    }

    private static let catalogue = "tenants:\n" + ["alba", "brio"].enumerated().map(tenant).joined()

    private static func tenant(_ number: Int, _ slug: String) -> String {
        """
          - slug: \(slug)
            name: \(slug)
            currency: EUR
            wholesale: {float: "500.00 EUR"}
            networks:
              - {code: NL, city: Amsterdam, country: NL, type: mobile}
              - {code: DE, city: Berlin, country: DE, type: mobile}
            gateways:
              - {name: ams, network: NL, host: 127.0.\(number).1, ports: 12001-12020, protocols: [http]}
              - {name: ber, network: DE, host: 127.0.\(number).2, ports: 12001-12010, protocols: [http]}
            plans:
              - {code: nl, name: NL, product: proxy, connection: private, network: NL, duration: 30d, price: "12.00 EUR",
                 wholesale_price: "7.00 EUR", trial: 1h, rotation: [0, 5], auto_renew: true,
                 sells_in: [gate]}
              - {code: de, name: DE, product: proxy, connection: private, network: DE, duration: 30d, price: "12.00 EUR",
                 sells_in: [gate]}
              - {code: both, name: Both, product: rotating, connection: private, networks: [DE, NL], duration: 30d,
                 price: "20.00 EUR", countries: [mixed, nl], rotations: [instant, 5m], threads: 9, sells_in: [opproxy]}
              - {code: more, name: More, product: rotating, connection: private, networks: [DE, NL], duration: 30d,
                 price: "30.00 EUR", countries: [us, nl], rotations: [instant, 5m], threads: 90, sells_in: [opproxy]}
            coupons:
              - {code: TWICE, percent_off: "20", per_customer: 2}
              - {code: ALWAYS, amount_off: "1.00 EUR", renewals: 2}
            groups:
              - {code: gold, prices: {nl: "11.00 EUR", de: "13.00 EUR"}}
              - {code: iron, prices: {nl: "15.00 EUR"}}
            customers:
              - {email: ann@\(slug).test, username: ann, group: gold, balance: "1000.00 EUR",
                 keys: [{dialect: gate, key: rk_\(slug)_ann_0000000000000000000000000000000, trials: true}]}
              - {email: ben@\(slug).test, username: ben, group: iron, balance: "1000.00 EUR", keys: []}
              - {email: cat@\(slug).test, username: cat, balance: "0.00 EUR", keys: []}

        """
    }
}

/// Nobody signs in here.
private struct NoPasswords: SecretHasher {
    func hash(_ password: String) async throws -> String { password }
    func verify(_ password: String, _ encoded: String?) async throws -> Bool { false }
}

extension DialectName {
    static let gate = DialectName(rawValue: "gate")
    static let opproxy = DialectName(rawValue: "opproxy")
}
