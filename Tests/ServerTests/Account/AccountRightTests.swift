import Foundation
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Who may do what at the account API")
struct AccountRightTests {
    private static let people: [(role: SessionRole, name: String)] = [
        (.admin, "ada"), (.editor, "eve"), (.viewer, "vic"),
    ]

    /// Each cell is asked: who may not hears 403, who may hears of something else.
    @Test(.database) func `every endpoint is open to the roles of its right, and to no other`() async throws {
        try await withDatabase { database in
            var settings = AccountAPI.Settings()
            settings.rateLimit = .off
            settings.previews = .off
            try await AccountWorld.with(database, settings: settings, provider: PagesOnly()) { world in
                for (role, name) in Self.people {
                    let token = try await world.token(name)
                    // What ends sessions comes last.
                    let endpoints =
                        AccountAPI.Endpoint.allCases.filter { $0 != .endSessions } + [.endSessions]
                    for endpoint in endpoints where endpoint.right != .anybody {
                        let (method, path) = endpoint.place
                        let target = path.replacing("{id}", with: "00000000-0000-0000-0000-000000000000")
                        let body: String? = method == .get ? nil : "{}"
                        let stranger = try await world.ask(method, target, body)
                        #expect(stranger.outcome == "401 unauthorized", "\(endpoint)")
                        let reply = try await world.ask(method, target, body, as: token)
                        let isGranted = endpoint.right.isGranted(to: role)
                        #expect(
                            (reply.outcome == "403 forbidden") == !isGranted,
                            "\(role) at \(endpoint): \(reply.outcome)")
                        #expect(reply.status.code < 500, "\(role) at \(endpoint): \(reply.body)")
                    }
                }
            }
        }
    }

    /// The table of docs/account.md, cell by cell.
    @Test func `the documents have the same table`() throws {
        let page = try String(contentsOfFile: "\(TestPaths.repository)/docs/account.md", encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let told = Dictionary(
            uniqueKeysWithValues: rows.compactMap { row -> (String, [String])? in
                let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                guard cells.count == 4 else { return nil }
                return (cells[0].filter { $0 != "`" }, Array(cells[1...3]))
            })
        var expected: [String: [String]] = [:]
        for endpoint in AccountAPI.Endpoint.allCases {
            let (method, path) = endpoint.place
            expected["\(method.rawValue) \(path)"] = Self.people.map {
                endpoint.right.isGranted(to: $0.role) ? "yes" : "no"
            }
        }
        #expect(told == expected)
    }
}
