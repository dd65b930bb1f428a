import Billing
import Catalog
import Foundation
import Postgres
import Primitives
import TestSupport
import Testing

@testable import Server

/// An export with its manifest.
struct Exported: Sendable {
    let bytes: [UInt8]
    let manifest: ExportManifest

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The records of a CSV file whose texts have no quotes, each by the names of its cells.
    var records: [[String: String]] {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: true)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    func sum(_ name: String, of currency: String = "USD") -> Int64? {
        let totals = manifest.figures.totals
        guard let sums = totals.byCurrency.first(where: { $0.currency.code == currency })?.sums,
            let place = totals.names.firstIndex(of: name)
        else { return nil }
        return sums[place]
    }

    /// The file and its name, for as long as the body runs.
    func withFile<T>(_ body: (String) async throws -> T) async throws -> T {
        try await Self.withFile(Data(bytes), body)
    }

    static func withFile<T>(_ data: Data, _ body: (String) async throws -> T) async throws -> T {
        let file = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)")
        try data.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file.path(percentEncoded: false))
    }
}

extension Market {
    /// Exports over connections of the doors' role, as the program makes them.
    var exports: Exports {
        Exports(pool: database.pool(.door, threads: 2, tenantClock: { TenantClockStore.ahead(of: $0) }))
    }

    func export(
        _ kind: ExportKind, _ format: ExportFormat = .csv, of shop: Shop, from: String = "2026-01",
        to: String = "2027-01", recordedBefore: String? = nil, with exports: Exports? = nil
    ) async throws -> Exported {
        let exports = exports ?? self.exports
        let scope = try await exports.scope(
            ExportRequest(
                tenant: shop.slug, kind: kind, format: format, from: from, to: to,
                recordedBefore: recordedBefore))
        let running = exports.begin(scope)
        var digest = ExportDigest()
        var bytes: [UInt8] = []
        for try await chunk in running.chunks {
            digest.update(chunk)
            bytes += chunk
        }
        return Exported(bytes: bytes, manifest: running.manifest(of: digest))
    }

    /// What every account of a shop holds as its row says: by hledger's name and currency, a debit as positive.
    func held(
        in shop: Shop, named name: @escaping @Sendable (AccountRole) -> String
    ) async throws -> [String: String] {
        try await database.owner.run { connection in
            let rows = try connection.query(
                """
                SELECT role, owner_id, currency, balance_minor, normal_side FROM accounts
                WHERE tenant_id = \(shop.tenant) AND postings_count > 0
                """)
            var held: [String: String] = [:]
            for row in rows {
                guard let role = AccountRole(rawValue: try row.get(0)),
                    let currency = Currency(try row.get(2, as: String.self))
                else { throw Surprise("an account that nobody knows") }
                let owner: IdentifierBits = try row.get(1)
                let sign: Int64 = try row.get(4, as: String.self) == "debit" ? 1 : -1
                let account = name(role) + (role.isPerCustomer ? owner.uuidString : "")
                let balance = Money(minor: sign * (try row.get(3, as: Int64.self)), currency: currency)
                // The programs leave out what is empty, or write it without a currency; their own checks look at it.
                if !balance.isZero { held["\(account) \(currency)"] = balance.decimalString }
            }
            return held
        }
    }
}
