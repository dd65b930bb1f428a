import HTTPTypes
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Groups of customers, as staff work with them", .database)
struct AdminGroupTests {
    private func sold() async throws -> AdminWorld {
        let world = try await AdminWorld()
        for (slug, price) in [("alba", "8.00 USD"), ("brio", "9.00 USD")] {
            let group: JSON = ["code": "gold", "name": "Gold", "prices": ["basic": .string(price)]]
            let made = try await world.catalogue(.post, "/groups", of: slug, body: group)
            #expect(made.status == 201, "\(made.body)")
        }
        return world
    }

    @Test func `a price list is made, read and changed price by price, with a record of each`() async throws {
        let world = try await sold()
        let seller = world.person(.catalogue, of: 1)
        let shown = try await world.catalogue(.get, "/groups/gold", as: seller)
        #expect(
            shown.json == [
                "code": "gold", "name": "Gold", "prices": ["basic": "8.00 USD"], "active": true,
            ])
        let changed = try await world.catalogue(
            .patch, "/groups/gold", as: seller, [.ifMatch: shown.headers[.eTag] ?? ""],
            body: ["prices": ["basic": "7.50 USD", "plus": "14.00 USD"]])
        #expect(changed.json["prices"] == ["basic": "7.50 USD", "plus": "14.00 USD"], "\(changed.body)")
        let record = try #require(try await world.lastRecord(of: 1))
        #expect(
            (record.action, record.object, record.objectID) == ("updateCatalogueGroup", "group", "gold"))
        #expect(record.before == ["prices": ["basic": "8.00 USD"]])
        for (prices, left) in [
            (["plus": "13.00 USD"], ["basic": "7.50 USD", "plus": "13.00 USD"]),
            (["basic": .null], ["plus": "13.00 USD"]), ([:], ["plus": "13.00 USD"]),
        ] as [(JSON, JSON)] {
            let reply = try await world.catalogue(
                .patch, "/groups/gold", as: seller, [.ifMatch: "*"], body: ["prices": prices])
            #expect(reply.json["prices"] == left, "a change is of the prices that it names: \(reply.body)")
        }
        let stale = try await world.catalogue(
            .patch, "/groups/gold", as: seller, [.ifMatch: shown.headers[.eTag] ?? ""], body: ["name": "G"])
        #expect(stale.outcome == "412 precondition_failed")
        for (body, field) in [
            (["prices": ["nothing": "1.00 USD"]], "prices.nothing"),
            (["prices": ["basic": "1.00 EUR"]], "prices.basic"), (["prices": 5], "prices"),
        ] as [(JSON, String)] {
            let reply = try await world.catalogue(
                .patch, "/groups/gold", as: seller, [.ifMatch: "*"], body: body)
            #expect((reply.outcome, reply.field) == ("422 invalid_field", field), "\(reply.body)")
        }
        let brio = try await world.catalogue(.get, "/groups/gold", of: "brio")
        #expect(brio.json["prices"] == ["basic": "9.00 USD"])
    }

    @Test func `a customer is put into a group, found by it, charged by it and taken out`() async throws {
        let world = try await sold()
        let finance = world.person(.finance, of: 1)
        let id = try await world.customer("cleo", in: TenantID(1))
        let path = "/tenants/alba/customers/\(id)"
        func put(_ group: JSON, _ headers: HTTPFields = [.ifMatch: "*"]) async throws -> AdminReply {
            try await world.ask(.patch, "\(path)/group", as: finance, headers, body: ["group": group])
        }
        let before = try await world.ask(.get, path, as: finance)
        let tag = try #require(before.headers[.eTag])
        let joined = try await put("gold", [.ifMatch: tag])
        #expect((joined.status, joined.json["group"]) == (200, "gold"), "\(joined.body)")
        #expect(try await put("gold", [.ifMatch: tag]).outcome == "412 precondition_failed")
        let record = try #require(try await world.lastRecord(of: 1))
        #expect((record.before, record.after) == (["group": .null], ["group": "gold"]))
        #expect(record.action == "updateCustomerGroup")
        let list = try await world.ask(.get, "/tenants/alba/customers?group=gold", as: finance)
        #expect(list.json["items"]?.arrayValue?.compactMap { $0["username"]?.stringValue } == ["cleo"])
        let nobody = try await world.ask(.get, "/tenants/alba/customers?group=iron", as: finance)
        #expect(nobody.json["items"] == [])

        _ = try await world.buy(for: id, in: TenantID(1))
        #expect(try await world.balance(of: id, in: TenantID(1)) == 92_00)
        let renamed = try await world.ask(
            .patch, path, as: world.person(.support, of: 1), [.ifMatch: "*"], body: ["username": "cleopatra"])
        #expect(renamed.json["group"] == "gold", "what is not said stays")
        #expect(try await put(.null).json["group"] == .null)
        _ = try await world.buy(for: id, in: TenantID(1))
        #expect(try await world.balance(of: id, in: TenantID(1)) == 82_00)
        for group in ["iron", 5, ""] as [JSON] {
            let reply = try await put(group)
            #expect((reply.outcome, reply.field) == ("422 invalid_field", "group"))
        }
    }

    /// Who helps customers does not decide what they pay, and a group is its tenant's.
    @Test func `support puts nobody into a group, nor does anybody into another tenant's`() async throws {
        let world = try await sold()
        try await world.database.execute("UPDATE customer_groups SET code = 'iron' WHERE tenant_id = 2")
        let id = try await world.customer("cleo", in: TenantID(1))
        let path = "/tenants/alba/customers/\(id)/group"
        let any: HTTPFields = [.ifMatch: "*"]
        for role in [StaffRole.support, .catalogue, .readOnly] {
            let reply = try await world.ask(
                .patch, path, as: world.person(role, of: 1), any, body: ["group": "gold"])
            #expect(reply.outcome == "403 forbidden", "\(role)")
        }
        let iron = try await world.ask(
            .patch, path, as: world.person(.owner, of: 1), any, body: ["group": "iron"])
        #expect((iron.outcome, iron.field) == ("422 invalid_field", "group"))
        let brio = try await world.ask(
            .patch, "/tenants/brio/customers/\(id)/group", as: world.person(.owner, of: 2), any,
            body: ["group": "iron"])
        #expect(brio.outcome == "404 not_found")
        let body: JSON = ["email": "new@example.test", "username": "new", "group": "gold"]
        let made = try await world.ask(
            .post, "/tenants/alba/customers", as: world.person(.support, of: 1), body: body)
        #expect((made.outcome, made.field) == ("422 invalid_field", "group"))
    }

    @Test func `a coupon's dry run is by the list of whose order it would be`() async throws {
        let world = try await sold()
        let coupon: JSON = ["code": "TENTH", "percent_off": "10"]
        _ = try await world.catalogue(.post, "/coupons", body: coupon)
        let id = try await world.customer("cleo", in: TenantID(1))
        _ = try await world.ask(
            .patch, "/tenants/alba/customers/\(id)/group", as: world.person(.owner, of: 1), [.ifMatch: "*"],
            body: ["group": "gold"])
        for (who, list, total) in [
            ("", "10.00 USD", "9.00 USD"), ("&customer=cleo", "8.00 USD", "7.20 USD"),
            ("&customer=ann", "10.00 USD", "9.00 USD"),
        ] {
            let reply = try await world.catalogue(.get, "/coupons/TENTH/dry-run?plan=basic\(who)")
            #expect(reply.json["list_price"] == .string(list), "\(who): \(reply.body)")
            #expect(reply.json["total"] == .string(total), "\(who)")
        }
    }
}
