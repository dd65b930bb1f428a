internal import Foundation

/// PostgreSQL stands still, as on a machine that swaps or a disk that hangs, and then goes on.
enum PausedPostgres {
    static func run(
        _ given: DrillSite.Setting, _ folder: DrillFolder, seconds: Double
    ) throws -> ([String], DrillSite) {
        var setting = given
        // Purchases are told what is known after 15 s; clients of a longer pause stay to hear it.
        let isLong = seconds >= 30
        setting.clientDeadlineSeconds = isLong ? 20 : max(1, Int(seconds / 4))
        let site = try DrillSite(setting, in: folder)
        site.work(seconds: 0.3)
        let before = site.notebook.statuses
        let troubleBefore = site.troubleTold
        site.cluster.signalAll(SIGSTOP)
        Thread.sleep(forTimeInterval: seconds)
        let during = site.notebook.statuses
        if isLong && site.troubleTold == troubleBefore { site.notebook.find("nobody was told of the pause") }
        site.cluster.signalAll(SIGCONT)
        let milliseconds = try timed { try site.firstAnswer() }
        site.work(seconds: 0.3)
        try site.inspect()
        try site.close()
        let told = during.map { ($0.key, $0.value - before[$0.key, default: 0]) }.filter { $0.1 > 0 }
            .sorted { $0.1 > $1.1 }.map { "\($0.0) \($0.1)" }
        return (
            [
                "PostgreSQL stopped for \(Int(seconds)) s; clients wait \(setting.clientDeadlineSeconds) s",
                "meanwhile clients were told: \(told.joined(separator: ", "))",
                "first answer \(Int(milliseconds)) ms after it went on",
            ], site
        )
    }
}
