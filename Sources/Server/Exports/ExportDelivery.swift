internal import Foundation
internal import Primitives

/// Brings an export to a file or to standard output, and its manifest to another file.
struct ExportDelivery: Sendable {
    let exports: Exports
    /// Standard output where it is `nil`.
    let out: String?
    let manifest: String?

    /// Writes the export; files are there only when they are whole. Throws `CommandFailure` for a refusal too.
    func deliver(_ request: ExportRequest) async throws -> ExportManifest {
        let scope: ExportScope
        do {
            scope = try await exports.scope(request)
        } catch let refusal as ExportRefusal {
            throw refusal.isBadUsage ? CommandFailure.badUsage("\(refusal)") : .failed("\(refusal)")
        }
        let file = try out.map { try ExportFile($0) }
        let running = exports.begin(scope)
        var digest = ExportDigest()
        for try await chunk in running.chunks {
            digest.update(chunk)
            if let file {
                try file.write(chunk)
            } else {
                try ExportFile.write(chunk, to: STDOUT_FILENO, named: "standard output")
            }
            Terminal.progress("\(scope.kind.rawValue): \(digest.bytes / 1_000_000) MB")
        }
        // A reader that was stopped may have ended early, and a part must not be taken for the whole.
        try Task.checkCancellation()
        let made = running.manifest(of: digest)
        try writeManifest(made)
        try file?.end()
        return made
    }

    private func writeManifest(_ made: ExportManifest) throws(CommandFailure) {
        guard let manifest else { return }
        let file = try ExportFile(manifest)
        try file.write(made.json(of: out.map { URL(filePath: $0).lastPathComponent }).encoded() + [0x0A])
        try file.end()
    }
}

extension ExportManifest {
    /// For people.
    func line(of name: String) -> String {
        let sums = figures.totals.byCurrency.map { total in
            zip(figures.totals.names, total.sums).map { name, sum in
                "\(name) \(Money(minor: sum, currency: total.currency))"
            }.joined(separator: ", ")
        }
        return (["\(name)  \(figures.totals.rows) rows  \(bytes) bytes  sha256 \(sha256Text)"] + sums)
            .joined(separator: "\n  ")
    }
}
