import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Passwords and sessions at the account API", .database)
struct AccountPasswordTests {
    private func world(_ body: (AccountWorld) async throws -> Void) async throws {
        try await withDatabase { try await AccountWorld.with($0, body) }
    }

    private func changing(to new: String, from old: String = AccountWorld.password) -> String {
        #"{"password":"\#(old)","new_password":"\#(new)"}"#
    }

    @Test func `a new password ends every session, and opens one`() async throws {
        try await world { world in
            let (token, other) = (try await world.token("ada"), try await world.token("ada"))
            let eve = try await world.token("eve")
            let namesake = try await world.token("ada", of: "brio")
            let changed = try await world.ask(
                .put, "/v1/me/password", changing(to: "a better password"), as: token)
            #expect(changed.outcome == "200")
            let fresh = try #require(changed.json["session"]?["token"]?.stringValue)
            for over in [token, other] {
                #expect(try await world.ask(.get, "/v1/me", as: over).outcome == "401 unauthorized")
            }
            #expect(try await world.ask(.get, "/v1/me", as: fresh).outcome == "200")
            #expect(try await world.ask(.get, "/v1/me", as: eve).outcome == "200")
            #expect(try await world.ask(.get, "/v1/me", as: namesake, of: "brio").outcome == "200")
            #expect(try await world.signIn("ada").outcome == "401 invalid_credentials")
            #expect(try await world.signIn("ada", password: "a better password").outcome == "201")
        }
    }

    @Test(arguments: [
        ("wrong", "long enough it is", "401 password_wrong"),
        (AccountWorld.password, "short", "400 invalid_new_password"),
        (AccountWorld.password, AccountWorld.password, "409 password_is_the_same"),
        ("", "long enough it is", "400 invalid_password"),
    ])
    func `a password that is not changed is refused for a reason`(
        old: String, new: String, outcome: String
    ) async throws {
        try await world { world in
            let token = try await world.token("ada")
            let reply = try await world.ask(.put, "/v1/me/password", changing(to: new, from: old), as: token)
            #expect(reply.outcome == outcome)
            #expect(try await world.ask(.get, "/v1/me", as: token).outcome == "200")
            #expect(try await world.signIn("ada").outcome == "201")
        }
    }

    @Test func `of ten changes at once, one changes the password`() async throws {
        var proofs = ProofLimits()
        proofs.perPerson = .off
        try await withDatabase { database in
            try await AccountWorld.with(database, proofs: proofs) { world in
                let token = try await world.token("ada")
                let outcomes = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                    for number in 0..<10 {
                        group.addTask {
                            let reply = try await world.ask(
                                .put, "/v1/me/password", changing(to: "new password \(number)"), as: token)
                            return (number, reply.outcome)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let winners = outcomes.filter { $0.1 == "200" }.map(\.0)
                #expect(winners.count == 1)
                let rest = Set(outcomes.map(\.1)).subtracting(["200"])
                #expect(rest.isSubset(of: ["401 password_wrong", "401 unauthorized"]))
                for number in 0..<10 {
                    let reply = try await world.signIn("ada", password: "new password \(number)")
                    #expect((reply.outcome == "201") == winners.contains(number))
                    world.clock.advance(milliseconds: 60_000)
                }
            }
        }
    }

    @Test func `signing out ends all of a person's sessions, and nobody else's`() async throws {
        try await world { world in
            let (token, other) = (try await world.token("ada"), try await world.token("ada"))
            let eve = try await world.token("eve")
            #expect(try await world.ask(.delete, "/v1/sessions", as: token).outcome == "200")
            #expect(try await world.ask(.get, "/v1/me", as: token).outcome == "401 unauthorized")
            #expect(try await world.ask(.get, "/v1/me", as: other).outcome == "401 unauthorized")
            #expect(try await world.ask(.get, "/v1/me", as: eve).outcome == "200")
            #expect(try await world.signIn("ada").outcome == "201")
        }
    }

    /// The gate's dialect takes the same tokens.
    @Test func `a session that is over opens no other door`() async throws {
        try await world { world in
            let token = try await world.token("ada")
            func plans() async throws -> DoorReply {
                try await world.ask(
                    DoorRequest(
                        method: .get, target: "/t/alba/gate/api/proxy?op=plans", host: "localhost",
                        headers: [("Authorization", "Bearer \(token)")]))
            }
            #expect(try await plans().status == .ok)
            _ = try await world.ask(.delete, "/v1/sessions", as: token)
            #expect(try await plans().status == .unauthorized)
        }
    }

    /// What a catalogue file says of a password is its first: it is set again only where the file changes it.
    @Test func `a password of one's own outlives the catalogue file, until the file has another`()
        async throws
    {
        try await world { world in
            let token = try await world.token("ada")
            _ = try await world.ask(.put, "/v1/me/password", changing(to: "a better password"), as: token)
            #expect(try await world.office.apply(AccountWorld.file).lines.isEmpty)
            let own = try await world.token("ada", password: "a better password")

            let edited = AccountWorld.file.replacing(
                "email: ada@example.com, password: \(AccountWorld.password)",
                with: "email: ada@example.com, password: from the operator")
            #expect(try await world.office.apply(edited).lines.count == 2)
            #expect(try await world.signIn("ada", password: "a better password").status == .unauthorized)
            #expect(try await world.signIn("ada", password: "from the operator").outcome == "201")
            #expect(try await world.ask(.get, "/v1/me", as: own).outcome == "401 unauthorized")
            #expect(try await world.office.apply(edited).lines.isEmpty)
        }
    }
}
