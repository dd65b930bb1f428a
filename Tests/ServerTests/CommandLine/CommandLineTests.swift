import AsyncHTTPClient
import Foundation
import Postgres
import Primitives
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
                "customer", "credit", "ann", "2.50 USD", "--tenant", "alba", "--reference", "bank-1",
                "--reason",
                "a transfer", "--data", data)
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
            let why = ["--reference", "bank-1", "--reason", "a transfer"]
            _ = try await Tollgate.run("migrate", "--data", data)
            for (arguments, said) in [
                (["verify", "--nonsense"], "--nonsense"), (["up", "--port", "many"], "port"),
                (["apply", "\(folder)/none.yaml"], "none.yaml"),
                (["apply", wrong, "--data", data], "wrong.yaml:2"),
                (["customer", "credit", "ann", "1.001 USD", "--tenant", "alba"] + why, "1.001 USD"),
                (["customer", "credit", "ann", "1 USD", "--tenant", "alba", "--reference", "r"], "--reason"),
                (["customer", "credit", "ann", "1 USD", "--tenant", "alba", "--reason", "r"], "--reference"),
                (
                    [
                        "customer", "credit", "ann", "1 USD", "--tenant", "alba", "--reference", "r",
                        "--reason", "",
                    ],
                    "a reason has 1 to 500"
                ),
                (
                    [
                        "customer", "credit", "ann", "1 USD", "--tenant", "alba", "--reason", "r",
                        "--reference", "ü",
                    ],
                    "a reference has 1 to 255"
                ),
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

    @Test func `a sandbox's clock is shown and moved ahead, a live tenant's is not`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.replacing("    name: Alba\n", with: "    name: Alba\n    sandbox: true\n")
                .write(
                    toFile: file, atomically: false, encoding: .utf8)
            _ = try await Tollgate.run("migrate", "--data", data)
            _ = try await Tollgate.run("apply", file, "--data", data)
            func clock(_ arguments: String...) async throws -> (status: Int32, output: String, errors: String)
            {
                let run = try await runCommand(Tollgate.path, ["clock"] + arguments + ["--data", data])
                return (run.status, run.output, run.errors)
            }
            let shown = try await clock("show", "--tenant", "alba-sandbox")
            #expect(shown.output.contains("as the real clock has it"), "\(shown.errors)")
            #expect(try await clock("show", "--tenant", "alba").output.contains("live: it cannot be moved"))
            let moved = try await clock("advance", "--tenant", "alba-sandbox", "--by", "30d")
            #expect(moved.output.contains("30d ahead"), "\(moved.errors)")
            let json = try await clock(
                "advance", "--tenant", "alba-sandbox", "--to", "2099-01-31T00:00:00Z", "--json")
            #expect(json.output.contains("2099-01-31T00:00:00"), "\(json.output) \(json.errors)")
            for (arguments, status, said) in [
                (
                    ["--tenant", "alba", "--by", "1d"], 1,
                    "alba is a live tenant, whose clock is the real one"
                ),
                (["--tenant", "brio", "--by", "1d"], 1, "it would be called brio-sandbox"),
                (["--tenant", "alba-sandbox", "--to", "2098-01-31T00:00:00Z"], 1, "it only goes forward"),
                (["--tenant", "alba-sandbox", "--by", "36500d"], 1, "a hundred years"),
                (["--tenant", "alba-sandbox", "--by", "soon"], 2, "soon is no duration"),
                (["--tenant", "alba-sandbox", "--to", "soon"], 2, "soon is no time"),
                (["--tenant", "alba-sandbox"], 2, "one of --by and --to"),
            ] as [([String], Int32, String)] {
                let refused = try await runCommand(
                    Tollgate.path, ["clock", "advance"] + arguments + ["--data", data])
                #expect(
                    refused.status == status && refused.errors.contains(said),
                    "\(arguments): \(refused.errors)")
            }
            let made = try await Tollgate.run(
                "key", "create", "ann", "--test", "--tenant", "alba", "--data", data)
            #expect(
                Gate.keyForm.accepts(made.output.trimmingCharacters(in: .newlines), for: .test),
                "\(made.errors)")
            let live = try await Tollgate.run(
                "key", "create", "ann", "--test", "--tenant", "brio", "--data", data)
            #expect(live.status == 1 && live.errors.contains("brio has no sandbox"))
            let verify = try await Tollgate.run("verify", "--data", data)
            #expect(verify.status == 0, "\(verify.output)")
        }
    }

    /// Three processes: one serves, one moves the clock, and a client in between.
    @Test func `a clock that another process moves counts at the door`() async throws {
        try await withEmbeddedFolder { folder in
            let file = "\(folder)/catalogue.yaml"
            let key = "rk_test_" + String(repeating: "a", count: 40)
            try """
            tenants:
              - slug: alba
                name: Alba
                currency: USD
                sandbox: true
                networks: [{code: NL, city: Amsterdam, country: NL, type: mobile}]
                gateways: [{name: one, network: NL, host: 127.0.0.1, ports: 12001-12009, protocols: [http]}]
                plans:
                  - {code: month, name: Month, product: proxy, connection: private, network: NL, duration: 30d, price: "12.00 USD", sells_in: [gate]}
                customers: [{email: ann@example.com, username: ann, keys: [{dialect: gate, key: \(key)}]}]
            """.write(toFile: file, atomically: false, encoding: .utf8)
            let data = "\(folder)/data"
            let up = try RunningTollgate(data, ["--apply", file])
            let address = "\(try await up.ready())/t/alba/gate/api/proxy"
            func ask(_ query: String, _ body: String? = nil) async throws -> JSON {
                var request = HTTPClientRequest(url: address + query)
                request.headers.add(name: "x-api-key", value: key)
                if let body {
                    request.method = .POST
                    request.headers.add(name: "Content-Type", value: "application/json")
                    request.body = .bytes(Array(body.utf8))
                }
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
                return try JSON.parse(Array(buffer: try await response.body.collect(upTo: 1 << 20)))
            }
            let plan = try #require(
                try await ask("?op=plans")["plans"]?.arrayValue?.first?["id"]?.stringValue)
            let first = try await ask("", #"{"op":"purchase","planId":"\#(plan)"}"#)
            let sold = try #require(first["subscription"]?["activeUntil"]?.integralValue, "\(first)")
            let moved = try await Tollgate.run(
                "clock", "advance", "--tenant", "alba-sandbox", "--by", "31d", "--data", data)
            #expect(moved.status == 0, "\(moved.errors)")
            let second = try await ask("", #"{"op":"purchase","planId":"\#(plan)"}"#)
            let later = try #require(second["subscription"]?["activeUntil"]?.integralValue, "\(second)")
            #expect(later - sold >= 31 * 86_400_000)
            try await eventually("a list without what has ended", within: .seconds(30)) {
                let listed = try await ask("?op=subscriptions")["subscriptions"]?.arrayValue
                return listed?.compactMap { $0["activeUntil"]?.integralValue } == [later]
            }
            let verify = try await Tollgate.run("verify", "--data", data)
            #expect(verify.status == 0, "\(verify.output)")
            #expect(try await up.end(SIGTERM) == 0)
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
