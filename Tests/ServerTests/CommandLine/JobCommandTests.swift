import Foundation
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("The command line of jobs")
struct JobCommandTests {
    private static let key = "rk_ann0000000000000000000000000000000000000"

    private static let catalogue = """
        tenants:
          - slug: alba
            name: Alba
            currency: USD
            networks: [{code: NL, city: Amsterdam, country: NL, type: mobile}]
            gateways: [{name: ams, network: NL, host: 127.0.0.1, ports: 12001-12005, protocols: [http]}]
            plans:
              - {code: nl, name: NL, product: proxy, connection: private, network: NL, duration: 30d, price: "12.00 USD",
                 auto_renew: true, sells_in: [gate]}
            customers:
              - {email: ann@example.com, username: ann, balance: "30.00 USD", keys: [{dialect: gate, key: \(key)}]}
          - {slug: brio, name: Brio, currency: JPY}
        """

    @Test func `renewals are run once for each period, listed, and refused for nobody`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            let up = try RunningTollgate(data, ["--apply", file])
            let address = try await up.ready()
            let subscription = try await GateBuyer(url: "\(address)/t/alba/gate/api/proxy", key: Self.key)
                .buy()

            let early = try await Tollgate.run("job", "renewals", "--data", data)
            #expect(early.status == 0 && early.output == "renewals: nothing to do\n", "\(early)")
            let later = try #require(SystemClock().now().adding(milliseconds: 30 * 86_400_000 - 1_800_000))
            let run = ["job", "renewals", "--now", later.rfc3339(), "--data", data]
            let brio = try await runCommand(Tollgate.path, run + ["--tenant", "brio"])
            #expect(brio.output == "renewals: nothing to do\n", "\(brio)")
            let first = try await runCommand(Tollgate.path, run)
            #expect(first.status == 0 && first.output == "renewals: due 1, renewed 1\n", "\(first)")
            let second = try await runCommand(Tollgate.path, run)
            #expect(second.status == 0 && second.output == "renewals: nothing to do\n", "\(second)")
            #expect(first.errors.isEmpty, "quiet in a pipe")

            let listed = try await Tollgate.run("job", "list", "--json", "--data", data)
            let runs = try #require(try JSON.parse(listed.output.utf8).arrayValue)
            let renewed = runs.filter { $0["counts"]?["renewed"] == 1 && $0["state"] == "done" }
            #expect(renewed.count == 1, "\(listed.output)")
            #expect(runs.filter { $0["tenant"] == "brio" }.count == 1)

            let off = try await Tollgate.run(
                "subscription", "auto-renew", subscription, "off", "--tenant", "alba", "--data", data)
            #expect(off.status == 0 && off.output.contains("does not renew itself"), "\(off)")
            let shown = try await Tollgate.run("customer", "show", "ann", "--tenant", "alba", "--data", data)
            #expect(shown.output.contains("6.00 USD"), "\(shown)")
            #expect(try await Tollgate.run("verify", "--data", data).status == 0)
            #expect(try await up.end(SIGTERM) == 0)
        }
    }

    @Test func `what has run out ends once, with the job and not before`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            let up = try RunningTollgate(data, ["--apply", file])
            let address = try await up.ready()
            let subscription = try await GateBuyer(
                url: "\(address)/t/alba/gate/api/proxy", key: Self.key
            ).buy()

            let run = ["job", "expiry", "--data", data]
            let early = try await runCommand(Tollgate.path, run)
            #expect(early.status == 0 && early.output == "expiry: nothing to do\n", "\(early)")
            let later = try #require(SystemClock().now().adding(milliseconds: 400 * 86_400_000)).rfc3339()
            let brio = try await runCommand(Tollgate.path, run + ["--now", later, "--tenant", "brio"])
            #expect(brio.output == "expiry: nothing to do\n", "\(brio)")
            let first = try await runCommand(Tollgate.path, run + ["--now", later])
            #expect(first.status == 0 && first.output == "expiry: due 1, ended 1, slots 1\n", "\(first)")
            let second = try await runCommand(Tollgate.path, run + ["--now", later])
            #expect(second.status == 0 && second.output == "expiry: nothing to do\n", "\(second)")

            let on = try await Tollgate.run(
                "subscription", "auto-renew", subscription, "on", "--tenant", "alba", "--data", data)
            #expect(on.status == 1 && on.errors.contains("ended"), "\(on)")
            #expect(try await Tollgate.run("verify", "--data", data).status == 0)
            #expect(try await up.end(SIGTERM) == 0)
        }
    }

    @Test func `old things are forgotten and the books compared from the command line`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            _ = try await Tollgate.run("migrate", "--data", data)
            #expect(try await Tollgate.run("apply", file, "--data", data).status == 0)
            let all = Reconciliation.checks.count
            for arguments in [[], ["--tenant", "brio"]] {
                let compared = try await runCommand(
                    Tollgate.path, ["job", "reconcile", "--data", data] + arguments)
                #expect(
                    compared.status == 0 && compared.output == "reconcile: checked \(all)\n", "\(compared)")
            }
            let forgotten = try await Tollgate.run("job", "retention", "--data", data)
            #expect(forgotten.status == 0 && forgotten.output == "retention: nothing to do\n", "\(forgotten)")
            let later = try #require(SystemClock().now().adding(milliseconds: 31 * 86_400_000)).rfc3339()
            let late = try await Tollgate.run("job", "retention", "--now", later, "--data", data)
            #expect(late.status == 0 && late.output == "retention: runs 3\n", "\(late)")
        }
    }

    @Test func `an order waits, is paid for once, and one that nobody pays for ends by the job`() async throws
    {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            _ = try await Tollgate.run("migrate", "--data", data)
            #expect(try await Tollgate.run("apply", file, "--data", data).status == 0)
            #expect(try await Tollgate.run("job", "slots", "--data", data).status == 0)
            func pending(_ arguments: String...) async throws -> CommandResult {
                try await runCommand(
                    Tollgate.path, ["order", "pending"] + arguments + ["--tenant", "alba", "--data", data])
            }
            var ids: [String] = []
            for _ in 0..<2 {
                let placed = try await pending("place", "ann", "nl", "--expect", "12.00 USD", "--json")
                #expect(placed.status == 0, "\(placed)")
                ids.append(try #require(try JSON.parse(placed.output.utf8)["id"]?.stringValue))
            }
            let paid = try await pending("settle", ids[0], "12.00 USD", "--reference", "psp-1", "--json")
            let receipt = try JSON.parse(paid.output.utf8)
            #expect(receipt["result"] == "bought" && receipt["balance"] == "30.00 USD", "\(paid)")
            let again = try await pending("settle", ids[0], "12.00 USD", "--reference", "psp-1")
            #expect(again.status == 1 && again.errors.contains("posted before"), "\(again)")
            let made = try await pending("cancel", "00000000-0000-7000-8000-000000000001")
            #expect(made.status == 2 && made.errors.contains("no order's id"), "\(made)")
            let stranger = try await runCommand(
                Tollgate.path, ["order", "pending", "cancel", ids[1], "--tenant", "brio", "--data", data])
            #expect(stranger.status == 1 && stranger.errors.contains("no such order"), "\(stranger)")

            let later = try #require(SystemClock().now().adding(milliseconds: 86_400_000)).rfc3339()
            let run = ["job", "pending-orders", "--now", later, "--data", data]
            let expired = try await runCommand(Tollgate.path, run)
            #expect(
                expired.status == 0 && expired.output == "pending-orders: due 1, expired 1\n", "\(expired)")
            #expect(try await runCommand(Tollgate.path, run).output == "pending-orders: nothing to do\n")
            let late = try await pending("settle", ids[1], "5.00 USD", "--reference", "psp-2")
            #expect(
                late.output == "credited 5.00 USD, too late: expired; the balance is 35.00 USD\n", "\(late)")
            let listed = try await pending("list", "--state", "expired", "--customer", "ann")
            #expect(
                listed.output.hasPrefix(ids[1]) && listed.output.contains("expired  12.00 USD"), "\(listed)")
            #expect(try await Tollgate.run("verify", "--data", data).status == 0)
        }
    }

    @Test func `ports are stocked where no worker runs, and what runs short is told from the command line`()
        async throws
    {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            let file = "\(folder)/catalogue.yaml"
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            _ = try await Tollgate.run("migrate", "--data", data)
            #expect(try await Tollgate.run("apply", file, "--data", data).status == 0)
            let first = try await Tollgate.run("job", "slots", "--data", data)
            #expect(first.output == "slots: ready 5, stocked 5, confirmed 5\n", "\(first)")
            let second = try await Tollgate.run("job", "slots", "--tenant", "alba", "--data", data)
            #expect(second.status == 0 && second.output == "slots: ready 5\n", "\(second)")
            try Self.catalogue.replacing("type: mobile}", with: "type: mobile, low_stock: 6}")
                .write(toFile: file, atomically: false, encoding: .utf8)
            #expect(try await Tollgate.run("apply", file, "--data", data).status == 0)
            for told in [", low 1, told 1", ", low 1"] {
                let short = try await Tollgate.run("job", "slots", "--data", data)
                #expect(short.status == 0 && short.output == "slots: ready 5\(told)\n", "\(short)")
            }
            #expect(try await Tollgate.run("verify", "--data", data).status == 0)
        }
    }

    @Test func `a job, a time or a tenant that there is none of is refused`() async throws {
        try await withEmbeddedFolder { folder in
            let data = "\(folder)/data"
            _ = try await Tollgate.run("migrate", "--data", data)
            for (arguments, status, said) in [
                (["job", "sweep", "--data", data], 2, "the jobs are renewals"),
                (["job", "renewals", "--now", "tomorrow", "--data", data], 2, "tomorrow"),
                (["job", "renewals", "--tenant", "nobody", "--data", data], 1, "there is no tenant nobody"),
                (["job", "list", "--limit", "0", "--data", data], 2, "--limit"),
                (["subscription", "unpark", "nonsense", "--tenant", "alba", "--data", data], 2, "nonsense"),
            ] as [([String], Int32, String)] {
                let result = try await runCommand(Tollgate.path, arguments)
                #expect(result.status == status, "\(arguments): \(result)")
                #expect(result.errors.contains(said), "\(arguments): \(result.errors)")
            }
        }
    }
}
