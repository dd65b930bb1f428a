internal import Foundation

/// The server is started with a wrong clock, and later with the right one again.
enum WrongClock {
    static func run(_ given: DrillSite.Setting, _ folder: DrillFolder) throws -> ([String], DrillSite) {
        let shim = try Shim.make("shift-clock", in: folder)
        let site = try DrillSite(given, in: folder)
        var lines: [String] = []
        site.work(seconds: 0.3)
        try site.inspect()
        for (name, seconds) in [
            ("an hour back", -3_600), ("right", 0), ("a year ahead", 31_536_000), ("right", 0),
        ] {
            try site.tollgate.server?.kill9()
            site.tollgate.extraEnvironment = ["LD_PRELOAD": shim, "SHIFT_CLOCK": String(seconds)]
            try site.tollgate.startServer()
            let done = site.notebook.notes.count(where: \.isDone)
            try site.firstAnswer()
            site.work(seconds: 0.6)
            try site.inspect()
            try site.verify()
            lines.append(
                "the server's clock \(name): \(site.notebook.notes.count(where: \.isDone) - done) commands done"
            )
        }
        try site.close()
        return (lines, site)
    }
}
