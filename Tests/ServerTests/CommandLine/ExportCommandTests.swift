import Foundation
import Primitives
import TestSupport
import Testing

@testable import Server

/// Exports by the program itself, beside a server that sells.
@Suite("The command line of exports")
struct ExportCommandTests {
    private static let key = "rk_ann0000000000000000000000000000000000000"

    private static let catalogue = """
        tenants:
          - slug: alba
            name: Alba
            currency: USD
            timezone: Europe/Amsterdam
            networks: [{code: NL, city: Amsterdam, country: NL, type: mobile}]
            gateways: [{name: ams, network: NL, host: 127.0.0.1, ports: 12001-12005, protocols: [http]}]
            plans:
              - {code: nl, name: NL, product: proxy, connection: private, network: NL, duration: 30d, price: "12.00 USD",
                 sells_in: [gate]}
            customers:
              - {email: ann@example.com, username: ann, balance: "100.00 USD", keys: [{dialect: gate, key: \(key)}]}
          - {slug: brio, name: Brio, currency: JPY}
        """

    private static let period = ["--tenant", "alba", "--from", "2020-01", "--to", "2100-01"]

    private func withServer(
        _ body: (String, GateBuyer, @Sendable ([String]) async throws -> CommandResult) async throws -> Void
    ) async throws {
        try await withEmbeddedFolder { folder in
            let (data, file) = ("\(folder)/data", "\(folder)/catalogue.yaml")
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            let up = try RunningTollgate(data, ["--apply", file])
            let address = try await up.ready()
            let files = "\(folder)/files"
            try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: false)
            try await body(files, GateBuyer(url: "\(address)/t/alba/gate/api/proxy", key: Self.key)) {
                try await runCommand(Tollgate.path, $0 + ["--data", data], in: files)
            }
            #expect(try await Tollgate.run("verify", "--data", data).status == 0)
            #expect(try await up.end(SIGTERM) == 0)
        }
    }

    @Test func `an export is written whole with its manifest, checked, and printed`() async throws {
        try await withServer { folder, ann, tollgate in
            _ = try await ann.buy()
            let made = try await tollgate(
                ["export", "orders"] + Self.period + ["--out", "orders.csv", "--manifest", "orders.json"])
            #expect(made.status == 0, "\(made)")
            #expect(made.output.hasPrefix("orders.csv  1 rows  ") && made.output.contains("total 12.00 USD"))
            let table = try String(contentsOfFile: "\(folder)/orders.csv", encoding: .utf8)
            #expect(table.hasPrefix("order_id,placed_at,kind,") && table.hasSuffix("\r\n"))
            let manifest = try JSON.parse(
                FileManager.default.contents(atPath: "\(folder)/orders.json") ?? Data())
            #expect(manifest["time_zone"] == "Europe/Amsterdam" && manifest["final"] == false)
            #expect(manifest["from"] == "2019-12-31T23:00:00.000Z")
            #expect(manifest["file"]?["rows"] == 1 && manifest["file"]?["name"] == "orders.csv")
            #expect(manifest["file"]?["totals"]?.arrayValue?[0]["total_minor"] == 12_00)
            let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/orders.csv")[
                .posixPermissions]
            #expect(mode as? Int == 0o600)

            let checked = try await runCommand(Tollgate.path, ["export", "check", "orders.json"], in: folder)
            #expect(
                checked.status == 0 && checked.output.contains("is what was exported: 1 rows"), "\(checked)")
            try (table.replacing("12.00", with: "13.00")).write(
                toFile: "\(folder)/orders.csv", atomically: false, encoding: .utf8)
            let spoilt = try await runCommand(Tollgate.path, ["export", "check", "orders.json"], in: folder)
            #expect(spoilt.status == 1 && spoilt.errors.contains("is not what was exported"), "\(spoilt)")

            // To standard output, nothing but the export.
            let printed = try await tollgate(["export", "orders"] + Self.period)
            #expect(printed.output == table)
            let json = try await tollgate(
                ["export", "journal"] + Self.period + ["--format", "hledger", "--out", "j", "--json"])
            #expect(try JSON.parse(json.output.utf8)["file"]?["rows"] == 2, "\(json)")
            let held = try await runCommand(
                "/usr/bin/hledger", ["-f", "\(folder)/j", "--strict", "balance", "revenues"],
                environment: ["LC_ALL": "C.UTF-8"])
            #expect(held.status == 0 && held.output.contains("-12.00 USD  revenues:orders"), "\(held)")
        }
    }

    @Test func `what is refused says why, and leaves nothing behind`() async throws {
        try await withServer { folder, _, tollgate in
            try "kept".write(toFile: "\(folder)/kept.csv", atomically: false, encoding: .utf8)
            let out = ["--out", "kept.csv"]
            for (arguments, status, said) in [
                (
                    ["orders", "--tenant", "nobody", "--from", "2026-01", "--to", "2026-02"], 1,
                    "no tenant nobody"
                ),
                (
                    ["orders", "--tenant", "alba", "--from", "2026-02", "--to", "2026-01"], 2,
                    "ends before it begins"
                ),
                (["orders", "--tenant", "alba", "--from", "soon", "--to", "2026-01"], 2, "from is soon"),
                (
                    ["gifts", "--tenant", "alba", "--from", "2026-01", "--to", "2026-02"], 2,
                    "gifts is none of orders"
                ),
                (["orders"] + Self.period + ["--format", "hledger"], 2, "only as csv or jsonl"),
                (["orders"] + Self.period + ["--format", "pdf"], 2, "pdf is none of csv, jsonl"),
                (["orders", "--from", "2026-01", "--to", "2026-02"], 2, "--tenant"),
            ] as [([String], Int32, String)] {
                let refused = try await tollgate(["export"] + arguments + out)
                #expect(refused.status == status && refused.errors.contains(said), "\(arguments): \(refused)")
            }
            let nowhere = try await tollgate(
                ["export", "orders"] + Self.period + ["--out", "no/such/folder.csv"])
            #expect(nowhere.status == 1 && nowhere.errors.contains("cannot be written"), "\(nowhere)")
            // The manifest cannot be written, so there is no export either.
            let half = try await tollgate(
                ["export", "orders"] + Self.period + out + ["--manifest", "no/such/folder.json"])
            #expect(half.status == 1, "\(half)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["kept.csv"])
            #expect(try String(contentsOfFile: "\(folder)/kept.csv", encoding: .utf8) == "kept")
        }
    }
}
