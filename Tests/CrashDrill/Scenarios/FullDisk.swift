internal import Foundation

/// The disk under PostgreSQL fills up under load; then somebody makes room.
enum FullDisk {
    /// Tables and log on one small disk: statements fail, each for itself.
    static func run(_ given: DrillSite.Setting, _ folder: DrillFolder) throws -> ([String], DrillSite) {
        let small = try mount(megabytes: 320, in: folder)
        var setting = given
        setting.data = small + "/data"
        setting.clientDeadlineSeconds = 10
        setting.postgresSettings = ["max_wal_size=64MB", "min_wal_size=32MB"]
        let site = try DrillSite(setting, in: folder)
        var lines = ["tables and log on a file system of 320 MB"]
        for round in 1...2 {
            site.work(seconds: 0.4)
            let before = site.troubleTold
            let filler = try fill(small)
            try waitUntil("answers that tell of the full disk") { site.troubleTold > before + 20 }
            Thread.sleep(forTimeInterval: 1)
            lines.append("round \(round): " + (try makeRoom(filler, site, told: before)))
        }
        try site.close()
        lines.append("PostgreSQL said \(site.logged("No space left on device")) times that no space was left")
        return (lines, site)
    }

    /// The log alone on a small disk: PostgreSQL ends itself, and cannot start before there is room.
    static func runForLog(_ given: DrillSite.Setting, _ folder: DrillFolder) throws -> ([String], DrillSite) {
        let small = try mount(megabytes: 96, in: folder)
        var setting = given
        setting.walDirectory = small + "/log"
        setting.clientDeadlineSeconds = 10
        setting.postgresSettings = ["max_wal_size=32MB", "min_wal_size=8MB"]
        let site = try DrillSite(setting, in: folder)
        var lines = ["the log on a file system of 96 MB"]
        for round in 1...2 {
            site.work(seconds: 0.4)
            let before = site.troubleTold
            let panics = site.logged("PANIC:")
            let filler = try fill(small)
            try waitUntil("PostgreSQL's panic") { site.logged("PANIC:") > panics }
            try waitUntil("answers that tell of it") { site.troubleTold > before + 20 }
            Thread.sleep(forTimeInterval: 1)
            lines.append("round \(round): " + (try makeRoom(filler, site, told: before)))
        }
        try site.close()
        lines.append("PostgreSQL ended itself with PANIC \(site.logged("PANIC:")) times")
        return (lines, site)
    }

    private static func makeRoom(_ filler: String, _ site: DrillSite, told before: Int) throws -> String {
        let told = site.troubleTold - before
        try FileManager.default.removeItem(atPath: filler)
        let starts = try site.cluster.start()
        let milliseconds = try timed { try site.firstAnswer() }
        try site.inspect()
        return "\(told) answers of 503 while it was full; PostgreSQL was started \(starts) times by hand; "
            + "first answer \(Int(milliseconds)) ms after that"
    }

    private static func mount(megabytes: Int, in folder: DrillFolder) throws -> String {
        let small = folder.path + "/small"
        try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
        let mounted = try ChildProcess.run(
            "/bin/mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=755", "tmpfs", small], in: folder)
        guard mounted.status == 0 else { throw DrillProblem("mount: \(mounted.words)") }
        return small
    }

    /// Takes all that is left, and returns what has to be removed to give it back.
    private static func fill(_ small: String) throws -> String {
        let path = small + "/filler"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { throw DrillProblem("no filler") }
        defer { close(file) }
        for size in [1 << 20, 4096] {
            let block = [UInt8](repeating: 0x5A, count: size)
            while write(file, block, size) == size {}
        }
        return path
    }
}
