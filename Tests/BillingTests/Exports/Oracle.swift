import Foundation
import TestSupport
import Testing

@testable import Server

/// The accountants' own programs.
enum Oracle {
    /// What hledger says of a journal that it is to check strictly, assertions and all.
    static func hledger(
        reading journal: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> CommandResult? {
        let program = "/usr/bin/hledger"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            Issue.record("hledger is missing: scripts/setup installs it", sourceLocation: sourceLocation)
            return nil
        }
        return try await withFile(journal) { file in
            try await runCommand(
                program,
                [
                    "-f", file, "--strict", "balance", "--flat", "--no-total", "--layout=tidy", "-O", "csv",
                ],
                environment: ["LC_ALL": "C.UTF-8"])
        }
    }

    /// What beancount says of one.
    static func beancount(
        reading journal: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> CommandResult? {
        try await withFile(journal) { file in
            try await Python.result(
                of: ["\(TestPaths.repository)/Tests/python/beancount_balances.py", file],
                needing: "beancount",
                sourceLocation: sourceLocation)
        }
    }

    /// What hledger holds in each account that is not empty, by name and currency; an issue where it refuses the journal.
    static func hledger(
        _ journal: Exported, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String: String] {
        guard let result = try await hledger(reading: journal.text, sourceLocation: sourceLocation) else {
            return [:]
        }
        #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
        // "account","period","start_date","end_date","commodity","value"
        let rows = result.output.split(separator: "\n").dropFirst().map {
            $0.split(separator: "\",\"", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: ["\""])
            }
        }
        var held: [String: String] = [:]
        for row in rows where row.count == 6 && !isZero(row[5]) { held["\(row[0]) \(row[4])"] = row[5] }
        return held
    }

    /// What beancount holds, likewise.
    static func beancount(
        _ journal: Exported, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String: String] {
        guard let result = try await beancount(reading: journal.text, sourceLocation: sourceLocation) else {
            return [:]
        }
        #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
        var held: [String: String] = [:]
        for line in result.output.split(separator: "\n") {
            let cells = line.split(separator: "\t").map(String.init)
            if cells.count == 3, !isZero(cells[2]) { held["\(cells[0]) \(cells[1])"] = cells[2] }
        }
        return held
    }

    static func isZero(_ amount: String) -> Bool { amount.contains(/^-?[0.]+$/) }

    /// A file with this text, for as long as the body runs.
    private static func withFile<T>(_ text: String, _ body: (String) async throws -> T) async throws -> T {
        try await Exported.withFile(Data(text.utf8), body)
    }
}
