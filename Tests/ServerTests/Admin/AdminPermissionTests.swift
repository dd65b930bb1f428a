import Foundation
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("What a role may do", .database)
struct AdminPermissionTests {
    /// Role × side × person or key × operation × whose tenant: through the whole door, each on rows of its own.
    ///
    /// An operation that ends one's sessions or changes one's password is asked by somebody who is let in anew after it.
    @Test func `every cell of the table is as it says, and what is forbidden changes nothing`() async throws {
        let world = try await AdminWorld()
        var (cells, number) = (0, 0)
        for endpoint in AdminAPI.endpoints where endpoint.permission != .anybody {
            for visitor in world.people + world.keys where visitor.actor.scope.number != TenantID(2) {
                for slug in endpoint.place == .tenant ? ["alba", "brio"] : [""] {
                    number += 1
                    cells += 1
                    try await walk(endpoint, visitor, slug, number, world)
                }
            }
        }
        #expect(cells > 4_000)

        // Every one of these answers, and what was accepted, is what the document promises and allows.
        let folder = "/tmp/admin-exchanges-\(UInt64.random(in: 0...UInt64.max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try world.exchanges.write(to: folder) >= cells)
        try await Python.run(
            [
                "\(TestPaths.repository)/Tests/python/conformance.py",
                "\(TestPaths.repository)/docs/openapi/admin.json", folder,
            ], needing: "jsonschema")
    }

    private func walk(
        _ endpoint: AdminEndpoint, _ visitor: AdminVisitor, _ slug: String, _ number: Int, _ world: AdminWorld
    ) async throws {
        let visitor = try await world.refreshed(visitor)
        let example = try await world.example(of: endpoint, by: visitor, at: slug, number: number)
        await world.admin.jobs.finish()
        let before = try await world.marks()
        let reply = try await world.ask(
            endpoint.method, example.path, as: visitor, example.headers, body: example.body)
        let cell: Comment = "\(endpoint.name) at \(slug) by \(visitor.name): \(reply.body)"
        let isHidden = slug == "brio" && visitor.actor.scope != .platform
        if isHidden {
            #expect(reply.outcome == "404 not_found", cell)
        } else if endpoint.permission.allows(visitor.actor) {
            // There is nothing to confirm or remove before it was begun; that is said after it was allowed.
            let isAllowed =
                reply.status == example.status || ["409", "422"].contains(reply.outcome.prefix(3))
            #expect(isAllowed, cell)
            #expect(reply.status == example.status || world.isOfOneself(endpoint), cell)
        } else {
            #expect(reply.outcome == "403 forbidden", cell)
        }
        if isHidden || reply.status == 403 {
            let after = try await world.marks()
            #expect(before == after, cell)
        } else if endpoint.method != .get, reply.status < 300 {
            let changed = try await world.marks() != before
            #expect(changed, cell)
        }
    }

    @Test func `without a credential, or with one that is nobody's, there is nothing`() async throws {
        let world = try await AdminWorld()
        let before = try await world.marks()
        for endpoint in AdminAPI.endpoints where endpoint.permission != .anybody {
            let path = String(endpoint.pattern.dropFirst("/v1".count)).replacing("{tenant}", with: "alba")
                .replacing("{id}", with: "018f0000-0000-7000-8000-000000000000")
                .replacing("{key}", with: "018f0000-0000-7000-8000-000000000000")
                .replacing("{name}", with: "month")
                .replacing("{person}", with: "018f0000-0000-7000-8000-000000000000")
            for token in [nil, "nonsense", AdminKeyText(for: .platform, SystemRandom()).text] {
                let reply = try await world.ask(endpoint.method, path, token: token)
                #expect(reply.outcome == "401 unauthorized", "\(endpoint.name)")
                #expect(reply.headers[.wwwAuthenticate] == "Bearer")
            }
        }
        let after = try await world.marks()
        #expect(before == after)
    }

    /// `UPDATE_FIXTURES=1` writes it.
    @Test func `the table in the documents is the one that is checked`() throws {
        let file = "\(TestPaths.repository)/docs/admin.md"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let (start, end) = ("<!-- permissions -->\n", "<!-- /permissions -->")
        let head = try #require(text.range(of: start))
        let tail = try #require(text.range(of: end))
        let made = text[..<head.upperBound] + Self.table() + text[tail.lowerBound...]
        try GoldenFile.expect(String(made), inFile: file)
    }

    private static func table() -> String {
        func names(_ roles: Set<StaffRole>) -> String {
            if roles.count == StaffRole.allCases.count { return "every role" }
            let names = StaffRole.allCases.filter(roles.contains).map(\.rawValue)
            return names.isEmpty ? "–" : names.joined(separator: ", ")
        }
        var lines = ["| operation | | platform's staff | tenant's own staff |", "|---|---|---|---|"]
        for endpoint in AdminAPI.endpoints {
            let address = "`\(endpoint.method.rawValue) \(endpoint.pattern)`"
            let (platform, tenant) =
                switch endpoint.permission {
                case .anybody: ("anybody", "anybody")
                case .person: ("every person", "every person")
                case .roles(let platform, let tenant): (names(platform), names(tenant))
                }
            lines.append("| `\(endpoint.name)` | \(address) | \(platform) | \(tenant) |")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension AdminWorld {
    /// The same visitor, let in again where an earlier request ended their sessions or changed their password.
    func refreshed(_ visitor: AdminVisitor) async throws -> AdminVisitor {
        guard visitor.actor.kind == .person else { return visitor }
        let (id, number): (StaffID, TenantID) = (visitor.actor.id.retyped(), visitor.actor.scope.number)
        let hash = passwordHash
        let person = try await admin.pool.transaction(tenant: number) { transaction in
            let found = try StaffStore.person(transaction.query(StaffStore.person(id, number)))!
            if found.passwordHash != hash, found.passwordHash != "none" {
                _ = try transaction.query(
                    StaffStore.update(found.changed(passwordHash: hash), endingSessions: false))
            }
            return found
        }
        return AdminVisitor(
            name: visitor.name, actor: visitor.actor, token: try await admin.sessions.issue(for: person).text)
    }

    func isOfOneself(_ endpoint: AdminEndpoint) -> Bool { endpoint.pattern.hasPrefix("/v1/me/") }
}
