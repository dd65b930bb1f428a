internal import Foundation

/// The folder with `postgres` and `initdb`, and their major version.
struct PostgresPrograms: Sendable, Equatable {
    static let oldestMajor = 15

    let directory: String
    let major: Int

    var postgres: String { "\(directory)/postgres" }
    var initdb: String { "\(directory)/initdb" }

    /// The newest that is installed, or the one of `wanted` where a data directory was made by it.
    ///
    /// `TOLLGATE_POSTGRES_BIN` alone decides where it is set.
    static func find(
        wanted: Int?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(EmbeddedProblem) -> PostgresPrograms {
        if let chosen = environment["TOLLGATE_POSTGRES_BIN"] {
            guard let programs = inspect(chosen) else { throw .programsUnusable(directory: chosen) }
            guard wanted == nil || wanted == programs.major else { throw .programsMissing(version: wanted) }
            return programs
        }
        let found = candidates(environment).compactMap(inspect).filter { wanted == nil || $0.major == wanted }
        guard let best = found.max(by: { $0.major < $1.major }) else {
            throw .programsMissing(version: wanted)
        }
        return best
    }

    /// Debian keeps versions side by side, Red Hat too; elsewhere they are on the path.
    private static func candidates(_ environment: [String: String]) -> [String] {
        let debian = subfolders(of: "/usr/lib/postgresql").map { "/usr/lib/postgresql/\($0)/bin" }
        let redHat = subfolders(of: "/usr").filter { $0.hasPrefix("pgsql-") }.map { "/usr/\($0)/bin" }
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return debian + redHat + path
    }

    private static func subfolders(of folder: String) -> [String] {
        // A folder that is not there simply holds no programs.
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private static func inspect(_ directory: String) -> PostgresPrograms? {
        let files = FileManager.default
        guard files.isExecutableFile(atPath: "\(directory)/postgres"),
            files.isExecutableFile(atPath: "\(directory)/initdb"),
            let major = version(of: "\(directory)/postgres"), major >= oldestMajor
        else { return nil }
        return PostgresPrograms(directory: directory, major: major)
    }

    /// Asks the program: `postgres (PostgreSQL) 15.18 (Debian …)`.
    private static func version(of program: String) -> Int? {
        guard let answer = try? Program(program, ["--version"]).run(), answer.succeeded else { return nil }
        guard let marker = answer.words.range(of: "(PostgreSQL) ") else { return nil }
        return Int(answer.words[marker.upperBound...].prefix { $0.isNumber })
    }
}
