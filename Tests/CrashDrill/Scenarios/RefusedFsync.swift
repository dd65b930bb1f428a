internal import Foundation
internal import Postgres

/// The disk refuses one flush with EIO: of the log at a COMMIT, of the tables at a checkpoint.
///
/// PostgreSQL cannot know what the kernel has thrown away, so it ends itself and recovers from its log.
enum RefusedFsync {
    static func run(_ given: DrillSite.Setting, _ folder: DrillFolder) throws -> ([String], DrillSite) {
        let order = folder.path + "/socket/refuse"
        var setting = given
        setting.postgresEnvironment = [
            "LD_PRELOAD": try Shim.make("refuse-fsync", in: folder), "REFUSE_FSYNC": order,
        ]
        let site = try DrillSite(setting, in: folder)
        var lines: [String] = []
        for (letter, what) in [("d", "the log"), ("f", "the tables"), ("d", "the log"), ("f", "the tables")] {
            site.work(seconds: 0.3)
            let panics = site.logged("PANIC:")
            try letter.write(toFile: order, atomically: true, encoding: .utf8)
            chmod(order, 0o644)
            if letter == "f" {
                // The checkpoint fails with the server.
                let connection = try Connection(site.cluster.configuration())
                try? connection.execute("CHECKPOINT")
                connection.close()
            }
            let milliseconds = try timed {
                try waitUntil("PostgreSQL's panic", seconds: 30) { site.logged("PANIC:") > panics }
                try site.firstAnswer()
            }
            try site.inspect()
            lines.append(
                "a flush of \(what) refused: PostgreSQL ended itself, first answer after \(Int(milliseconds)) ms"
            )
        }
        try site.close()
        return (lines, site)
    }
}
