import Billing
import Catalog
import Primitives

/// Tenants that sell one plan each, with a wholesale price, to customers who can pay.
struct World {
    let now = Instant(milliseconds: 1_769_817_600_000)
    private let dollars = Currency("USD")!
    private let door = DialectName(rawValue: "gate")
    private let plans: [Plan]
    private let customers: [[CustomerID]]

    init(tenants: Int, customers count: Int) {
        var ids = IdentifierSequence(seed: 7)
        let (now, dollars, door) = (now, dollars, door)
        plans = (1...tenants).map { number in
            Plan(
                id: ids.next(at: now), tenant: TenantID(Int64(number)), code: "plan", name: "Plan",
                product: "proxy", connection: .private, networks: [ids.next(at: now)],
                duration: .fixed(milliseconds: 2_592_000_000), currency: dollars,
                price: Money(minor: 100, currency: dollars),
                wholesalePrice: Money(minor: 60, currency: dollars),
                sellsIn: [door])
        }
        customers = (1...tenants).map { _ in (0..<count).map { _ in ids.next(at: now) } }
    }

    struct Group {
        let submissions: [Submission]
        let rows: GroupRows
    }

    /// Purchases of random customers, with the rows that they need and no others.
    func group(of size: Int, seed: UInt64) -> Group {
        var dice = SplitMix64(seed: seed)
        var ids = IdentifierSequence(seed: seed)
        var rows = GroupRows()
        var accounts: [AccountKey: Account] = [:]
        var units: [Int: [StockUnit]] = [:]
        func open(_ key: AccountKey, floor: Int64?) {
            guard accounts[key] == nil else { return }
            accounts[key] = Account(
                id: ids.next(at: now), key: key, balance: 1_000_000_000, floor: floor, postings: 0)
        }

        let submissions = (0..<size).map { number in
            let place = Int.random(in: plans.indices, using: &dice)
            let plan = plans[place]
            let tenant = plan.tenant
            let customer = customers[place].randomElement(using: &dice)!
            rows.plans[TenantKey(tenant: tenant, name: plan.id)] = plan
            rows.customers[TenantKey(tenant: tenant, name: customer)] = CustomerRow(
                id: customer, currency: dollars, isActive: true)
            open(.wallet(tenant, customer, dollars), floor: 0)
            open(.own(tenant, .float, dollars), floor: 0)
            open(.own(tenant, .revenue, dollars), floor: nil)
            open(.own(tenant, .platformRevenue, dollars), floor: nil)
            units[place, default: []].append(
                unit(plan, rank: Int64(number), ids.next(at: now), ids.next(at: now)))
            return Submission(
                id: ids.next(at: now), tenant: tenant, principal: ids.next(at: now), dialect: door,
                command: .purchase(Purchase(customer: customer, plan: plan.id, networks: plan.networks)),
                idempotency: IdempotencyClaim(key: "key-\(seed)-\(number)", fingerprint: fingerprint) { _ in
                    RememberedAnswer(status: 200, sealed: [])
                })
        }
        rows.books = Books(accounts.values.sorted { $0.key < $1.key })
        for (place, units) in units {
            rows.shelf.fill(
                TenantKey(tenant: plans[place].tenant, name: plans[place].networks[0]), with: units)
        }
        return Group(submissions: submissions, rows: rows)
    }

    private let fingerprint = [UInt8](repeating: 7, count: 32)

    private func unit(_ plan: Plan, rank: Int64, _ slot: SlotID, _ gateway: GatewayID) -> StockUnit {
        StockUnit(
            tenant: plan.tenant, slot: slot, gateway: gateway, network: plan.networks[0], port: 2_000,
            rank: rank,
            username: "u_bench", secret: fingerprint)
    }
}
