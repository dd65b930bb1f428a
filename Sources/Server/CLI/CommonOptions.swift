internal import ArgumentParser
internal import Foundation
internal import Logging

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        help: "The data directory of the embedded database and the installation's key (default: .tollgate).")
    var data: String?

    @Option(help: "A JSON file with settings; flags and TOLLGATE_… win over it.")
    var config: String?

    @Option(help: "The least level that is logged: trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    /// The settings, with what the command itself was given on top.
    func settings(_ more: [String: String?] = [:]) async throws -> Settings {
        let flags = ["data": data, "config": config, "log.level": logLevel].merging(more) { _, own in own }
        return try await Settings.read(flags: flags.compactMapValues { $0 })
    }
}

/// How a result is printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON document for machines.")
    var json = false
}
