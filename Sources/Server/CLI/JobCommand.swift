internal import ArgumentParser
internal import Primitives

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "Run a job once, or list what was run.",
        discussion: """
            `work` and `up` run the jobs by themselves; this is for cron, and for looking. A job may be run at any time, \
            late, several times at once, and be killed anywhere: the result is the same. docs/jobs.md says more.
            """,
        subcommands: [JobRunCommand.self, JobListCommand.self], defaultSubcommand: JobRunCommand.self
    )
}

struct JobRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a job once; exit 0 when all of it is done.",
        discussion: JobName.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n")
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The job's name.", transform: JobArgument.job)
    var name: JobName

    @Option(
        help: "What to take for the time (RFC 3339). A time that has not come yet charges and ends early.",
        transform: MomentArgument.parse)
    var now: Instant?

    @Option(help: "The slug of the tenant whose rows to look at (default: all tenants).")
    var tenant: String?

    func run() async throws {
        let settings = try await common.settings()
        let progress = JobProgress { [name] counts in Terminal.progress("\(name.rawValue): \(counts.line)") }
        let run = try await Installation.run(
            settings, for: .init(command: "job"), needsKey: name.needsKey, stopping: { progress.stop() }
        ) { [name, now, tenant] installation in
            try await Schema.requireCurrent(installation.owner)
            let runs = installation.jobRuns
            var whose: JobTenant?
            if let tenant {
                whose = try await runs.tenant(tenant)
                if whose == nil {
                    throw CommandFailure.failed("\(OperatorWork.Refusal.tenantUnknown(tenant))")
                }
            }
            return try await runs.run(installation.job(name), of: whose, asOf: now, progress)
        }
        Terminal.endProgress()
        try say(run, progress.counts)
    }

    private func say(_ run: JobRun, _ counts: JobProgress.Counts) throws {
        if output.json {
            Terminal.say(json: run.json)
        } else {
            Terminal.say("\(run.job): \(counts.line)")
            for problem in run.problems { Terminal.complain("tollgate: \(problem)") }
        }
        switch run.state {
        case .done where run.problems.isEmpty: break
        case .interrupted:
            throw CommandFailure.failed(
                "stopped before the end; what was done stays, run it again for the rest")
        case .done, .failed, .running: throw CommandFailure.said
        }
    }
}

struct JobListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the latest runs, newest first.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "How many.")
    var limit = 20

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit is from 1 to 10000")
        }
    }

    func run() async throws {
        let runs = try await Installation.run(try await common.settings(), for: .init(command: "job")) {
            [limit] installation in
            try await Schema.requireCurrent(installation.owner)
            return try await installation.jobRuns.latest(limit)
        }
        if output.json {
            Terminal.say(json: .array(runs.map(\.json)))
        } else {
            for run in runs { Terminal.say(run.line) }
        }
    }
}

enum JobArgument {
    static func job(_ text: String) throws -> JobName {
        guard let name = JobName(rawValue: text) else {
            let names = JobName.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no job \(text); the jobs are \(names)")
        }
        return name
    }
}
