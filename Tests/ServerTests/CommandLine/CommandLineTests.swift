import AsyncHTTPClient
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Server

@Suite("The command line")
struct CommandLineTests {
    private static let catalogue = """
        tenants:
          - slug: alba
            name: Alba
            currency: USD
            timezone: Europe/Amsterdam
            customers:
              - {email: ann@example.com, username: ann, balance: "10.00 USD"}
          - {slug: brio, name: Brio, currency: JPY, timezone: Asia/Tokyo}
        """

    private func catalogue(in folder: String) throws -> String {
        let file = "\(folder)/catalogue.yaml"
        try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
        return file
    }

    @Test func `up serves, refuses a second, lets commands in, and ends when told`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let up = try RunningTollgate(data, ["--apply", try catalogue(in: folder)])
            let address = try await up.ready()
            let health = try await HTTPClient.shared.get(url: "\(address)/health/ready").get()
            #expect(health.status == .ok)

            let second = try await Tollgate.run("up", "--data", data, "--port", "0")
            #expect(second.status == 1)
            #expect(
                second.errors.contains("tollgate up (pid \(up.process.processIdentifier))"),
                "\(second.errors)")

            let verify = try await Tollgate.run("verify", "--data", data)
            #expect(verify.status == 0, "\(verify.errors)")
            #expect(try await up.end(SIGTERM) == 0)
            #expect(Postmaster.running(on: DataDirectory(data)) == nil)
        }
    }

    @Test func `after kill -9 the next up has everything that was written`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let first = try RunningTollgate(data, ["--apply", try catalogue(in: folder)], name: "first")
            _ = try await first.ready()
            let credit = try await Tollgate.run(
                "customer", "credit", "ann", "2.50 USD", "--tenant", "alba", "--data", data)
            #expect(credit.status == 0, "\(credit.errors)")
            try await first.end(SIGKILL)
            let orphan = Postmaster.running(on: DataDirectory(data))
            #expect(orphan != nil)

            let second = try RunningTollgate(data, name: "second")
            _ = try await second.ready()
            #expect(Postmaster.running(on: DataDirectory(data)) != orphan)
            let shown = try await Tollgate.run("customer", "show", "ann", "--tenant", "alba", "--data", data)
            #expect(shown.output.contains("12.50 USD"), "\(shown)")
            #expect(try await Tollgate.run("verify", "--data", data).status == 0)
            #expect(try await second.end(SIGINT) == 0)
        }
    }

    @Test func `verify names what does not hold and exits with 1`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let migrated = try await Tollgate.run("migrate", "--data", data)
            #expect(migrated.output.contains("applied 0001-platform"), "\(migrated.errors)")
            let applied = try await Tollgate.run("apply", try catalogue(in: folder), "--data", data)
            #expect(applied.status == 0, "\(applied.errors)")
            let postgres = try await EmbeddedPostgres.start(data)
            try postgres.tell("UPDATE accounts SET balance_minor = 1 WHERE role = 'wallet'")
            await postgres.stop()

            let verify = try await Tollgate.run("verify", "--data", data)
            #expect(verify.status == 1)
            #expect(verify.output.contains("every_balance_equals_its_postings: tenant"), "\(verify)")
            let json = try await Tollgate.run("verify", "--json", "--data", data)
            #expect(json.status == 1)
            #expect(json.output.hasPrefix(#"{"holds":false,"#), "\(json.output)")
        }
    }

    @Test func `a command asked wrongly exits with 2 and says what was wrong`() async throws {
        try await withEmbeddedFolder { folder in
            let wrong = "\(folder)/wrong.yaml"
            try "tenants:\n  - {slug: alba, colour: red}\n".write(
                toFile: wrong, atomically: false, encoding: .utf8)
            let data = "\(folder)/data"
            _ = try await Tollgate.run("migrate", "--data", data)
            for (arguments, said) in [
                (["verify", "--nonsense"], "--nonsense"), (["up", "--port", "many"], "port"),
                (["apply", "\(folder)/none.yaml"], "none.yaml"),
                (["apply", wrong, "--data", data], "wrong.yaml:2"),
                (["customer", "credit", "ann", "1.001 USD", "--tenant", "alba"], "1.001 USD"),
            ] {
                let result = try await runCommand(Tollgate.path, arguments)
                #expect(result.status == 2, "\(arguments): \(result.errors)")
                #expect(result.errors.contains(said), "\(result.errors)")
            }
            let nowhere = try await Tollgate.run("verify", "--data", "\(folder)/nowhere")
            #expect(nowhere.status == 1)
            #expect(nowhere.errors.contains("no installation"), "\(nowhere.errors)")
        }
    }

    @Test func `a key is made, listed and revoked`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            _ = try await Tollgate.run("migrate", "--data", data)
            _ = try await Tollgate.run("apply", try catalogue(in: folder), "--data", data)
            let made = try await Tollgate.run("key", "create", "ann", "--tenant", "alba", "--data", data)
            let key = made.output.trimmingCharacters(in: .newlines)
            #expect(Gate.keyForm.accepts(key), "\(made.errors)")
            let foreign = try await Tollgate.run("key", "revoke", key, "--tenant", "brio", "--data", data)
            #expect(foreign.status == 1, "another tenant's key is not there")
            let revoked = try await Tollgate.run("key", "revoke", key, "--tenant", "alba", "--data", data)
            #expect(revoked.output.hasPrefix("revoked "), "\(revoked.errors)")
            let listed = try await Tollgate.run("key", "list", "ann", "--tenant", "alba", "--data", data)
            #expect(listed.output.contains("revoked") && !listed.output.contains(key))
        }
    }

    @Test func `a key may be bound to addresses and to an end`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            _ = try await Tollgate.run("migrate", "--data", data)
            _ = try await Tollgate.run("apply", try catalogue(in: folder), "--data", data)
            let create = ["key", "create", "ann", "--tenant", "alba", "--data", data]
            for (more, status, said) in [
                (["--allow", "10.0.0.1/8"], 2, "the network is 10.0.0.0/8"),
                (["--allow", "home"], 2, "--allow home is no address or network"),
                (["--expires-in", "soon"], 2, "soon is no duration"),
                (["--expires-at", "soon"], 2, "soon is no time"),
                (["--expires-in", "1d", "--expires-at", "2090-01-01T00:00:00Z"], 2, "give one of them"),
                (["--expires-at", "2001-01-01T00:00:00Z"], 1, "ended already, at 2001-01-01T00:00:00.000Z"),
                (["--expires-in", "99999999d"], 1, "after the year 9999"),
            ] {
                let refused = try await runCommand(Tollgate.path, create + more)
                #expect(
                    refused.status == status && refused.errors.contains(said), "\(more): \(refused.errors)")
            }
            let made = try await runCommand(
                Tollgate.path,
                create + [
                    "--dialect", "opproxy", "--allow", "2001:DB8::/32", "--allow", "10.0.0.0/8",
                    "--expires-at",
                    "2090-01-01T00:00:00+01:00",
                ])
            #expect(made.status == 0 && made.output.hasPrefix("opx_live_"), "\(made.errors)")
            let listed = try await Tollgate.run("key", "list", "ann", "--tenant", "alba", "--data", data)
            #expect(
                listed.output.contains(
                    "never used  until 2089-12-31T23:00:00.000Z  from 10.0.0.0/8, 2001:db8::/32"),
                "\(listed)")
            let json = try await Tollgate.run(
                "key", "list", "ann", "--tenant", "alba", "--data", data, "--json")
            #expect(json.output.contains(#""allow":["10.0.0.0/8","2001:db8::/32"]"#), "\(json.output)")
        }
    }
}

/// A server of the operator's own, whose user owns the database, may make roles, and is no superuser.
@Suite("The command line on an operator's own server")
struct OwnServerCommandTests {
    @Test func `migrate, apply, verify and serve work for an owner who is no superuser`() async throws {
        let server = try await TestServer.launch()
        let administrator = PostgresPool(
            server.configuration(database: "postgres"), threads: 1, clock: ManualClock(), logger: .quiet)
        try await administrator.run {
            try $0.execute("CREATE ROLE operator LOGIN CREATEROLE")
            try $0.execute("CREATE DATABASE theirs OWNER operator")
        }
        await administrator.close()
        try await withEmbeddedFolder { folder in
            let environment = [
                "TOLLGATE_DATABASE_URL": "postgresql:///theirs?host=\(server.socketDirectory)&user=operator",
                "TOLLGATE_DATA": "\(folder)/never-made",
            ]
            let migrated = try await Tollgate.run("migrate", environment: environment)
            #expect(migrated.status == 0, "\(migrated.errors)")
            #expect(try await Tollgate.run("migrate", environment: environment).output.contains("up to date"))
            let applied = try await Tollgate.run(
                "apply", TestPaths.fixture("demo.yaml"), "--json", environment: environment)
            #expect(applied.status == 0, "\(applied.errors)")
            #expect(try await Tollgate.run("verify", environment: environment).status == 0)

            let keyless = try await Tollgate.run("serve", environment: environment)
            #expect(keyless.status == 1)
            #expect(keyless.errors.contains("TOLLGATE_INSTALLATION_KEY"), "\(keyless.errors)")
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/never-made"))
        }
        await server.stop()
    }
}
