import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Gateways, reports and jobs, as staff look at them", .database)
struct AdminOverviewTests {
    private let alba = TenantID(1)

    @Test func `gateways say how many slots they have in which state`() async throws {
        let world = try await AdminWorld()
        let support = world.person(.support, of: 1)
        let list = try await world.ask(.get, "/tenants/alba/gateways", as: support)
        let gateway = try #require(list.json["items"]?.arrayValue?.first)
        #expect((gateway["name"], gateway["ports"], gateway["seen"]) == ("ams-1", "12001-12003", .null))
        #expect(
            gateway["slots"] == [
                "held": 0, "ready": 2, "assigned": 0, "draining": 0, "quarantined": 1, "retired": 0,
            ])
        let slots = try await world.ask(
            .get, "/tenants/alba/slots?state=ready&limit=1&gateway=\(gateway["id"]?.stringValue ?? "")",
            as: support)
        #expect(slots.json["items"]?.arrayValue?.count == 1)
        #expect(slots.json["next_cursor"] != .null)
        let counts = try await world.ask(
            .get, "/tenants/alba/reports/slots", as: world.person(.finance, of: 1))
        #expect(counts.json["rows"]?.arrayValue?.map { $0["slots"] } == [gateway["slots"]])
    }

    /// Los Angeles is eight hours behind UTC in winter: what is sold before 08:00 is of the day before.
    @Test func `revenue and margin are by the tenant's days, half-open`() async throws {
        let world = try await AdminWorld()
        try await world.tenants.execute("UPDATE tenants SET timezone = 'America/Los_Angeles' WHERE id = 1")
        let finance = world.person(.finance, of: 1)
        let cleo = try await world.customer("cleo", in: alba)
        // 31 January 00:00 UTC is still the 30th there.
        let first = try await world.buy(for: cleo, in: alba)
        world.clock.advance(milliseconds: 8 * 3_600_000 - 1)
        _ = try await world.buy("plus", for: cleo, in: alba)
        world.clock.advance(milliseconds: 1)
        _ = try await world.buy(for: cleo, in: alba)
        _ = try await world.buy(for: world.customer("cleo", in: TenantID(2)), in: TenantID(2))
        _ = try await world.ask(
            .post, "/tenants/alba/orders/\(first.order)/refund", as: finance, body: [:])
        func rows(_ report: String, _ query: String) async throws -> [JSON] {
            let reply = try await world.ask(.get, "/tenants/alba/reports/\(report)?\(query)", as: finance)
            #expect(reply.json["timezone"] == "America/Los_Angeles", "\(reply.body)")
            return reply.json["rows"]?.arrayValue ?? []
        }
        let days = try await rows("revenue", "from=2026-01-30&to=2026-02-01")
        #expect(
            days == [
                [
                    "from": "2026-01-30", "currency": "USD", "sales": "25.00 USD", "refunds": "0.00 USD",
                    "net": "25.00 USD",
                ],
                [
                    "from": "2026-01-31", "currency": "USD", "sales": "10.00 USD", "refunds": "10.00 USD",
                    "net": "0.00 USD",
                ],
            ])
        #expect(try await rows("revenue", "from=2026-01-31&to=2026-02-01") == [days[1]])
        #expect(try await rows("revenue", "from=2026-01-30&to=2026-01-31") == [days[0]])
        let month = try await rows("margin", "from=2026-01-15&to=2026-02-15&step=month")
        #expect(
            month == [
                [
                    "from": "2026-01-15", "currency": "USD", "net": "25.00 USD", "wholesale": "7.00 USD",
                    "margin": "18.00 USD",
                ]
            ])
        for query in [
            "", "from=2026-01-30", "from=2026-02-01&to=2026-02-01", "from=2026-02-30&to=2026-03-01",
        ] {
            let reply = try await world.ask(.get, "/tenants/alba/reports/revenue?\(query)", as: finance)
            #expect(reply.outcome == "400 invalid_query", "\(query)")
        }
    }

    @Test func `subscriptions are counted where they begin and where they stop`() async throws {
        let world = try await AdminWorld()
        let finance = world.key(.finance, of: 1)
        let cleo = try await world.customer("cleo", in: alba)
        let gone = try await world.buy(for: cleo, in: alba)
        _ = try await world.buy(for: cleo, in: alba)
        world.clock.advance(milliseconds: AdminWorld.day)
        _ = try await world.ask(
            .post, "/tenants/alba/subscriptions/\(gone.subscription)/cancel", as: world.key(.owner),
            body: ["way": "now"])
        world.clock.advance(milliseconds: AdminWorld.day)
        let days = try await world.ask(
            .get, "/tenants/alba/reports/subscriptions?from=2026-01-31&to=2026-02-03", as: finance)
        let rows = try #require(days.json["rows"]?.arrayValue)
        #expect(rows.map { $0["started"] ?? .null } == [2, 0, 0])
        #expect(rows.map { $0["active"] ?? .null } == [0, 1, 1])
        #expect(rows.map { $0["lost"] ?? .null } == [1, 0, 0])
        #expect(rows.map { $0["churn_bps"] ?? .null } == [.null, 0, 0])
    }

    @Test func `a job that is asked for runs once, and its record says how it went`() async throws {
        let world = try await AdminWorld()
        let owner = world.person(.owner)
        let body: JSON = ["job": "renewals", "tenant": "brio"]
        let first = try await world.ask(.post, "/jobs/runs", as: owner, [.idempotencyKey: "j"], body: body)
        let again = try await world.ask(.post, "/jobs/runs", as: owner, [.idempotencyKey: "j"], body: body)
        #expect((first.status, first.json["state"], again.body) == (202, "running", first.body))
        await world.admin.jobs.finish()
        #expect(world.errands.done == ["renewals of brio"])
        let id = try #require(first.json["id"]?.stringValue)
        let run = try await world.ask(.get, "/jobs/runs/\(id)", as: owner)
        #expect((run.json["state"], run.json["counts"]) == ("done", ["done": 1]))
        let list = try await world.ask(.get, "/jobs/runs?job=renewals&state=done&tenant=brio", as: owner)
        #expect(list.json["items"] == [run.json])
        let record = try #require(try await world.lastRecord())
        #expect((record.action, record.object, record.after) == ("runJob", "job", body))
        for (body, field) in [
            (["job": "mischief"], "job"), (["job": "renewals", "tenant": "nobody"], "tenant"),
        ]
            as [(JSON, String)]
        {
            let reply = try await world.ask(.post, "/jobs/runs", as: owner, body: body)
            #expect((reply.outcome, reply.field) == ("422 invalid_field", field))
        }
    }
}
