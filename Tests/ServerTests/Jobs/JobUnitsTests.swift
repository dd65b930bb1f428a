import Foundation
import TestSupport
import Testing

@testable import Server

/// Who follows docs/jobs.md runs every job, at the interval that `work` has it.
@Suite("The jobs' page and units")
struct JobUnitsTests {
    private static let folder = "\(TestPaths.repository)/docs/systemd"

    private func page() throws -> String {
        try String(contentsOfFile: "\(TestPaths.repository)/docs/jobs.md", encoding: .utf8)
    }

    private func interval(of job: JobName) -> String {
        switch job.everyMilliseconds {
        case 60_000: "minute"
        case 3_600_000: "hour"
        default: "day"
        }
    }

    @Test(arguments: JobName.allCases)
    func `the page has each job: what it does, its line for cron and its timer`(job: JobName) throws {
        let page = try page()
        let name = job.rawValue
        #expect(page.contains("\n## `\(name)`\n"))
        #expect(page.contains("| `\(name)` | \(interval(of: job)) |"))
        #expect(page.contains("tollgate job \(name) >/dev/null\n"))
        let timers = page.matches(of: /tollgate-(minute|hour|day)@(?:\{([a-z,-]+)\}|([a-z-]+))\.timer/)
        let named = timers.filter {
            ($0.2 ?? $0.3 ?? "").split(separator: ",").contains(Substring(name))
        }
        #expect(named.map { String($0.1) } == [interval(of: job)])
    }

    @Test func `systemd understands the service and the timers`() async throws {
        let program = "/usr/bin/systemd-analyze"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            try Test.cancel("systemd-analyze is not installed")
        }
        try await withEmbeddedFolder { folder in
            let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted()
            #expect(files.count == 4)
            var units: [String] = []
            for file in files {
                // An instance whose program is there, for systemd looks.
                let text = try String(contentsOfFile: "\(Self.folder)/\(file)", encoding: .utf8)
                let unit = "\(folder)/\(file.replacing("@.", with: "@pending-orders."))"
                try text.replacing("/usr/local/bin/tollgate", with: Tollgate.path)
                    .write(toFile: unit, atomically: false, encoding: .utf8)
                units.append(unit)
            }
            let verdict = try await runCommand(program, ["verify"] + units)
            #expect(verdict.status == 0 && verdict.errors.isEmpty, "\(verdict)")
        }
    }
}
