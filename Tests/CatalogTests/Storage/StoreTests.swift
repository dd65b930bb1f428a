import Catalog
import Postgres
import Primitives
import TestSupport
import Testing

@Suite("Reading the catalogue", .database)
struct StoreTests {
    @Test func `plans come back as they were written, whatever the order of the keys`() async throws {
        try await withDatabase { database in
            let rows = try await Stocked.fill(database)
            let keys = rows.plans.map { ($0.tenant, $0.id) }.reversed() + [(Sample.alba, Sample.id(404))]

            let read = try await database.owner.run { connection in
                try PlanStore.plans(connection.query(PlanStore.statement(for: Array(keys))))
            }

            #expect(read.sorted { $0.id < $1.id } == rows.plans.sorted { $0.id < $1.id })
        }
    }

    @Test func `a calendar plan comes back as it was written, with its tenant's zone`() async throws {
        try await withDatabase { database in
            let yaml = Shop.edited("duration: 30d, price: \"12", "duration: 3mo, price: \"12")
            let rows = try await Stocked.fill(database, yaml)
            let month = try #require(rows.plans.first { $0.code == "month" && $0.tenant == Sample.alba })
            #expect(month.duration == .months(3))
            let keys = rows.plans.map { ($0.tenant, $0.id) }
            let (plans, zones) = try await database.owner.run { connection in
                _ = try connection.query(
                    "UPDATE tenants SET timezone = 'Asia/Kathmandu' WHERE id = \(Sample.alba)")
                let read = try connection.query(PlanStore.statement(for: keys))
                return (try PlanStore.plans(read), try PlanStore.zones(read))
            }
            #expect(plans.sorted { $0.id < $1.id } == rows.plans.sorted { $0.id < $1.id })
            // Brio sells nothing by the month, so nobody asks for its zone.
            #expect(zones.mapValues(\.name) == [Sample.alba: "Asia/Kathmandu"])
            let read = try await Stocked.read(database)
            #expect(
                try Shop.decide(
                    yaml.replacing(
                        "name: Alba", with: "name: Alba\n    timezone: Asia/Kathmandu", maxReplacements: 1),
                    on: read
                ).lines.isEmpty)
        }
    }

    @Test func `a plan of one tenant is not found under another's number`() async throws {
        try await withDatabase { database in
            let rows = try await Stocked.fill(database)
            let swapped = rows.plans.map { ($0.tenant == Sample.alba ? Sample.brio : Sample.alba, $0.id) }
            let read = try await database.owner.run { connection in
                try PlanStore.plans(connection.query(PlanStore.statement(for: swapped)))
            }
            #expect(read.isEmpty)
        }
    }

    @Test func `a tenant's plans stand in their order, and a door sees those it sells`() async throws {
        try await withDatabase { database in
            _ = try await Stocked.fill(database)
            let (all, sold, closed) = try await database.owner.run { connection in
                let all = try PlanStore.plans(connection.query(PlanStore.all(of: Sample.alba)))
                let sold = try PlanStore.plans(
                    connection.query(PlanStore.sold(in: Sample.gate, by: Sample.alba)))
                _ = try connection.query(
                    "UPDATE networks SET active = false WHERE tenant_id = \(Sample.alba)")
                let closed = try PlanStore.plans(
                    connection.query(PlanStore.statement(for: all.map { ($0.tenant, $0.id) })))
                return (all, sold, closed)
            }
            #expect(all.map(\.code) == ["month", "bytes"])
            #expect(sold.map(\.code) == ["month"])
            #expect(
                closed.map { [$0.networksAreActive, $0.isOnSale] }.sorted { $0.count < $1.count }.contains([
                    false, false,
                ]))
            #expect(closed.first { $0.code == "bytes" }?.isOnSale == true, "it has no network of its own")
        }
    }

    @Test func `a coupon is found by its code in either case, in its own tenant`() async throws {
        try await withDatabase { database in
            let rows = try await Stocked.fill(database)
            let read = try await database.owner.run { connection in
                try connection.withTransaction { connection in
                    try CouponStore.coupons(
                        connection.query(
                            CouponStore.locking([
                                (Sample.brio, "welcome"), (Sample.alba, "WELCOME"), (Sample.alba, "Welcome"),
                                (Sample.alba, "NONE"),
                            ])))
                }
            }
            #expect(read == rows.coupons.sorted { $0.tenant < $1.tenant })
        }
    }

    /// Lock before you count (lessons.md 11): whoever comes second sees what the first one left.
    @Test func `a locked coupon makes the next buyer wait and read it anew`() async throws {
        try await withDatabase { database in
            _ = try await Stocked.fill(database)
            let pool = database.pool(.engine, threads: 8)
            let counts = try await withThrowingTaskGroup(of: Int32.self) { group in
                for _ in 0..<24 {
                    group.addTask {
                        try await pool.transaction(tenant: nil) { transaction in
                            let locked = try CouponStore.coupons(
                                transaction.query(
                                    CouponStore.locking([(Sample.alba, "WELCOME"), (Sample.brio, "WELCOME")]))
                            )
                            let mine = locked[0].redeemedCount
                            // The brakes of the schema: more than ten would be refused.
                            guard mine < 10 else { return -1 }
                            _ = try transaction.query(
                                "UPDATE coupons SET redeemed_count = \(mine + 1) WHERE tenant_id = \(Sample.alba)"
                            )
                            return mine
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.filter { $0 >= 0 }.sorted() == Array(0..<10))
            try await database.execute("UPDATE coupons SET redeemed_count = 0")
        }
    }

    @Test func `networks come back by code, each tenant's own`() async throws {
        try await withDatabase { database in
            let rows = try await Stocked.fill(database)
            let read = try await database.owner.run { connection in
                try NetworkStore.networks(connection.query(NetworkStore.all(of: Sample.alba)))
            }
            #expect(read == rows.networks.filter { $0.tenant == Sample.alba })
        }
    }

    @Test func `a door reads its own tenant's catalogue and, without a tenant, nothing`() async throws {
        try await withDatabase { database in
            _ = try await Stocked.fill(database)
            let door = database.pool(.door)
            let own = try await door.read(tenant: Sample.alba, PlanStore.all(of: Sample.alba)) {
                try PlanStore.plans($0)
            }
            let other = try await door.read(tenant: Sample.alba, PlanStore.all(of: Sample.brio)) {
                try PlanStore.plans($0)
            }
            let nobody = try await door.run { try PlanStore.plans($0.query(PlanStore.all(of: Sample.alba))) }
            #expect(own.count == 2 && other.isEmpty && nobody.isEmpty)
        }
    }

    @Test func `what an apply reads is what it wrote`() async throws {
        try await withDatabase { database in
            let rows = try await Stocked.fill(database)
            let read = try await Stocked.read(database)
            #expect(read.tenants == rows.tenants && read.hosts == rows.hosts)
            #expect(read.coupons.map(\.planIDs) == rows.coupons.map(\.planIDs))
            #expect(try Shop.decide(Shop.yaml, on: read, prune: true).lines.isEmpty)
        }
    }

    @Test func `a coupon of all rules comes back as it was applied`() async throws {
        let file = Shop.edited(
            "percent_off: \"12.5\"",
            "percent_off: \"12.5\", max_discount: \"10 EUR\", min_amount: \"1 EUR\", budget: \"500 EUR\", "
                + "per_customer: 1, first_order: true, customers: [ann@alba.test, cat@alba.test], "
                + "applies_to: [purchase, renewal], renewals: 3, starts_at: 2026-01-01T00:00:00Z, "
                + "ends_at: 2026-03-01T00:00:00Z")
        try await withDatabase { database in
            _ = try await Stocked.fill(database)
            let plan = try Shop.decide(file, on: try await Stocked.read(database))
            try await database.owner.run { connection in
                _ = try connection.pipeline(CatalogueWrites.offers(plan, at: Sample.now))
            }
            let read = try await Stocked.read(database)
            let written = try #require(plan.coupons.first?.row)
            #expect(read.coupons.first { $0.tenant == Sample.alba } == written)
            #expect(written.renewals == 3 && written.customers?.count == 2 && written.isFirstOrderOnly)
            #expect(try Shop.decide(file, on: read, prune: true).lines.isEmpty)
        }
    }
}

/// The shop of `Shop.yaml` in a database.
enum Stocked {
    /// Writes it, and says which rows are there now.
    static func fill(_ database: TestDatabase, _ yaml: String = Shop.yaml) async throws -> CatalogueRows {
        let plan = try Shop.decide(yaml)
        try await database.owner.run { connection in
            try connection.withTransaction { connection in
                _ = try connection.pipeline(
                    CatalogueWrites.tenants(plan, at: Sample.now)
                        + CatalogueWrites.offers(plan, at: Sample.now))
            }
        }
        var rows = CatalogueRows().applying(plan)
        // The server has its own spelling of the same JSON.
        for index in rows.plans.indices where rows.plans[index].code == "bytes" {
            rows.plans[index].attributes = #"{"limits": {"max_a": 1, "max_b": 2}, "bandwidth_gb": 5}"#
        }
        return rows
    }

    static func read(_ database: TestDatabase) async throws -> CatalogueRows {
        try await database.owner.run { connection in
            try connection.withTransaction { connection in
                try CatalogueReads.rows(
                    connection.pipeline(CatalogueReads.statements(slugs: ["alba", "brio"])))
            }
        }
    }
}
