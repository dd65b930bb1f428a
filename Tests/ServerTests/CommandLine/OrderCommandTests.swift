import Foundation
import Primitives
import TestSupport
import Testing

@testable import Server

/// Orders and subscriptions from the command line, beside a server that sells.
@Suite("The command line of orders")
struct OrderCommandTests {
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
            coupons: [{code: HALF, percent_off: "50"}]
            customers:
              - {email: ann@example.com, username: ann, balance: "100.00 USD", keys: [{dialect: gate, key: \(key)}]}
              - {email: ben@example.com, username: ben}
          - {slug: brio, name: Brio, currency: JPY}
        """

    /// A server with the catalogue, and Ann before its gate.
    private func withServer(
        _ body: (GateBuyer, @Sendable ([String]) async throws -> CommandResult) async throws -> Void
    ) async throws {
        try await withEmbeddedFolder { folder in
            let (data, file) = ("\(folder)/data", "\(folder)/catalogue.yaml")
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            let up = try RunningTollgate(data, ["--apply", file])
            let address = try await up.ready()
            try await body(GateBuyer(url: "\(address)/t/alba/gate/api/proxy", key: Self.key)) {
                try await runCommand(Tollgate.path, $0 + ["--data", data])
            }
            #expect(try await Tollgate.run("verify", "--data", data).status == 0)
            #expect(try await up.end(SIGTERM) == 0)
        }
    }

    @Test func `orders are listed in pages, shown, and unknown to another tenant`() async throws {
        try await withServer { ann, tollgate in
            _ = try await ann.buy(#","quantity":2,"couponCode":"HALF""#)
            let subscription = try await ann.buy()

            let listed = try await tollgate(["order", "list", "--tenant", "alba", "--json"])
            let orders = try #require(try JSON.parse(listed.output.utf8)["orders"]?.arrayValue, "\(listed)")
            #expect(orders.map { $0["total"] } == ["12.00 USD", "12.00 USD"])
            #expect(orders.map { $0["coupon"] } == [.null, "HALF"])
            let page = try await tollgate(["order", "list", "--tenant", "alba", "--limit", "1"])
            let newest = try #require(orders[0]["id"]?.stringValue)
            #expect(
                page.output.contains("purchase  paid  12.00 USD  nl  ann@example.com  \(newest)"), "\(page)")
            #expect(page.errors == "there is more: --before \(newest)\n")
            let rest = try await tollgate([
                "order", "list", "--tenant", "alba", "--customer", "ann", "--before", newest, "--json",
            ])
            #expect(try JSON.parse(rest.output.utf8)["orders"]?.arrayValue == [orders[1]], "\(rest)")
            #expect(try JSON.parse(rest.output.utf8)["next"] == .null)

            let shown = try await tollgate(["order", "show", newest, "--tenant", "alba"])
            let id = try #require(IdentifierBits(base36String: subscription)).uuidString
            #expect(shown.output.contains("subscription \(id)  until 20"), "\(shown)")
            #expect(shown.output.contains("purchase  -12.00 USD  balance 76.00 USD"), "\(shown)")
            let customer = try await tollgate([
                "customer", "show", "ann", "--tenant", "alba", "--statement", "1",
            ])
            #expect(
                customer.output.contains("  purchase  -12.00 USD  balance 76.00 USD  order \(newest)\n"),
                "\(customer)")
            let statement = try await tollgate([
                "customer", "statement", "ann", "--tenant", "alba", "--limit", "2", "--json",
            ])
            let entries = try JSON.parse(statement.output.utf8)
            #expect(entries["entries"]?.arrayValue?.map { $0["sequence"] } == [3, 2], "\(statement)")
            #expect(entries["next"] == "2")
            #expect(try await tollgate(["order", "list", "--tenant", "brio"]).output.isEmpty)
            for (arguments, status, said) in [
                (["show", newest, "--tenant", "brio"], 1, "the tenant has no order \(newest)"),
                (["show", "nonsense", "--tenant", "alba"], 2, "nonsense is no order's id"),
                (["list", "--tenant", "alba", "--customer", "who"], 1, "the tenant has no customer who"),
                (["list", "--tenant", "alba", "--state", "open"], 2, "open is none of paid, refunded"),
                (["list", "--tenant", "alba", "--kind", "gift"], 2, "gift is none of purchase, renewal"),
                (["list", "--tenant", "alba", "--from", "today"], 2, "today is no moment"),
                (["list", "--tenant", "alba", "--limit", "0"], 2, "--limit is from 1"),
                (["list"], 2, "--tenant"),
            ] as [([String], Int32, String)] {
                let refused = try await tollgate(["order"] + arguments)
                #expect(
                    refused.status == status && refused.errors.contains(said), "\(arguments): \(refused)")
            }
        }
    }

    @Test func `subscriptions are listed and shown as support wants to see them`() async throws {
        try await withServer { ann, tollgate in
            let bought = try await ann.buy()
            let id = try #require(IdentifierBits(base36String: bought)).uuidString
            let listed = try await tollgate(["subscription", "list", "--tenant", "alba", "--state", "active"])
            #expect(listed.output.hasPrefix("\(id)  active  until 20"), "\(listed)")
            #expect(listed.output.contains("nl in gate  ann@example.com  renews itself at 20"))
            // In the door's spelling too.
            let shown = try await tollgate(["subscription", "show", bought, "--tenant", "alba"])
            #expect(shown.output.contains("\n  port 1  127.0.0.1:1200"), "\(shown)")
            #expect(shown.output.contains("http  NL on ams  login "), "\(shown)")
            let json = try await tollgate(["subscription", "show", id, "--tenant", "alba", "--json"])
            let document = try JSON.parse(json.output.utf8)
            #expect(document["terms"]?.arrayValue?.map { $0["amount"] } == ["12.00 USD"], "\(json)")
            #expect(try await tollgate(["subscription", "list", "--tenant", "brio"]).output.isEmpty)
            for (arguments, status, said) in [
                (["show", id, "--tenant", "brio"], 1, "the tenant has no subscription \(id)"),
                (["show", "nonsense", "--tenant", "alba"], 2, "nonsense is no subscription's id"),
                (
                    ["list", "--tenant", "alba", "--state", "paid"], 2,
                    "paid is none of active, expired, ended"
                ),
            ] as [([String], Int32, String)] {
                let refused = try await tollgate(["subscription"] + arguments)
                #expect(
                    refused.status == status && refused.errors.contains(said), "\(arguments): \(refused)")
            }
        }
    }

    @Test func `an order is given back in a part once under its key, then whole, which ends the service`()
        async throws
    {
        try await withServer { ann, tollgate in
            let bought = try await ann.buy()
            let listed = try await tollgate(["order", "list", "--tenant", "alba", "--json"])
            let order = try #require(
                try JSON.parse(listed.output.utf8)["orders"]?.arrayValue?.first?["id"]?.stringValue)
            func refund(_ more: String...) async throws -> CommandResult {
                try await tollgate(["order", "refund", order, "--tenant", "alba"] + more)
            }
            let part = ["--amount", "2.50", "--memo", "slow on Monday", "--key", "ticket-17"]
            let first = try await refund(part[0], part[1], part[2], part[3], part[4], part[5])
            #expect(
                first.output
                    == "refunded 2.50 USD; the balance is 90.50 USD; 9.50 USD of the order is left\n",
                "\(first)")
            let second = try await refund(part[0], part[1], part[2], part[3], part[4], part[5], "--json")
            let answer = try JSON.parse(second.output.utf8)
            #expect(
                second.status == 0 && answer["repeated"] == true
                    && answer["answer"]?["balance"] == "90.50 USD")
            for (arguments, status, said) in [
                (["--amount", "3", "--key", "ticket-17"], 1, "this key was used for another request"),
                (["--amount", "9.51"], 1, "only 9.50 USD of the order is left"),
                (["--amount", "1.001"], 1, "1.001 is no amount of USD"),
                (["--amount", "-1"], 2, "amount"), (["--amount", "0"], 2, "0 is no amount above zero"),
                (["--reason", "whim"], 2, "whim is none of requested, undeliverable, chargeback"),
                (["--key", ""], 2, "1 to 255 printable"),
            ] as [([String], Int32, String)] {
                let refused = try await tollgate(["order", "refund", order, "--tenant", "alba"] + arguments)
                #expect(
                    refused.status == status && refused.errors.contains(said), "\(arguments): \(refused)")
            }
            let elsewhere = try await tollgate(["order", "refund", order, "--tenant", "brio"])
            #expect(elsewhere.status == 1 && elsewhere.errors.contains("the tenant has no order"))
            let whole = try await refund("--reason", "undeliverable")
            let id = try #require(IdentifierBits(base36String: bought)).uuidString
            #expect(
                whole.output
                    == """
                    refunded 9.50 USD; the balance is 100.00 USD; 0.00 USD of the order is left
                      subscription \(id)  ended

                    """, "\(whole)")
            let shown = try await tollgate(["subscription", "show", bought, "--tenant", "alba"])
            #expect(shown.output.contains("  ended  at 20"), "\(shown)")
            #expect(try await ann.ask("?op=subscriptions").body["subscriptions"]?.arrayValue == [])
        }
    }

    @Test
    func `a subscription is cancelled at its end, which can be undone, and then now, once under its key`()
        async throws
    {
        try await withServer { ann, tollgate in
            let bought = try await ann.buy()
            let id = try #require(IdentifierBits(base36String: bought)).uuidString
            func cancel(_ more: [String]) async throws -> CommandResult {
                try await tollgate(["subscription", "cancel", bought, "--tenant", "alba"] + more)
            }
            let later = try await cancel(["--at-end"])
            #expect(later.output.hasPrefix("cancelled with its paid time, until 20"), "\(later)")
            #expect(
                later.output.contains("; the balance is 88.00 USD\n  subscription \(id)  active  until 20"))
            #expect(!later.output.contains("renews itself"))
            let undone = try await tollgate([
                "subscription", "auto-renew", id, "on", "--tenant", "alba",
            ])
            #expect(undone.output.contains("renews itself at 20"), "\(undone)")

            for (arguments, status, said) in [
                ([], 2, "--now"), (["--now", "--at-end"], 2, "--at-end"),
                (["--now", "--expect", "0.5"], 1, "would be given back, which is not what was expected"),
                (["--now", "--expect", "much"], 2, "much is no amount"),
                (["--now", "--key", ""], 2, "1 to 255 printable"),
            ] as [([String], Int32, String)] {
                let refused = try await cancel(arguments)
                #expect(
                    refused.status == status && refused.errors.contains(said), "\(arguments): \(refused)")
            }
            let elsewhere = try await tollgate([
                "subscription", "cancel", id, "--tenant", "brio", "--now",
            ])
            #expect(elsewhere.status == 1 && elsewhere.errors.contains("the tenant has no subscription"))

            // All but what the moments since were worth: at most a cent.
            let first = try await cancel(["--now", "--key", "ticket-17", "--json"])
            let answer = try JSON.parse(first.output.utf8)
            let refund = try #require(answer["answer"]?["refund"]?.stringValue, "\(first)")
            #expect(["12.00 USD", "11.99 USD"].contains(refund), "\(first)")
            #expect(answer["subscription"]?["state"] == "ended" && answer["repeated"] == false)
            let parts = answer["answer"]?["refunds"]?.arrayValue ?? []
            #expect(parts.map { $0["amount"]?.stringValue } == [refund])
            let second = try await cancel(["--now", "--key", "ticket-17"])
            #expect(
                second.output.hasPrefix(
                    "cancelled, \(refund) given back; before, under this key: nothing has moved now\n  order "
                ),
                "\(second)")
            let third = try await cancel(["--undeliverable"])
            #expect(third.status == 1 && third.errors.contains("the subscription has ended"), "\(third)")
            #expect(try await ann.ask("?op=subscriptions").body["subscriptions"]?.arrayValue == [])
        }
    }
}
