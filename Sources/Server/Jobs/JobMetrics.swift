internal import Billing
internal import Metrics

/// What an operator watches of the jobs.
enum JobMetrics {
    /// A run is over.
    static func ran(_ run: JobRun) {
        Counter(
            label: "tollgate_job_runs_total", dimensions: [("job", run.job), ("state", run.state.rawValue)]
        ).increment()
        Counter(label: "tollgate_job_problems_total", dimensions: [("job", run.job)])
            .increment(by: run.problems.count)
    }

    /// What became of automatic renewals; a parked one asks for an operator.
    static func renewed(_ counts: RenewalCounts) {
        for (result, count) in [
            ("renewed", counts.renewed), ("failed", counts.failed), ("parked", counts.parked),
            ("ended", counts.ended), ("undecided", counts.undecided),
        ] {
            Counter(label: "tollgate_automatic_renewals_total", dimensions: [("result", result)])
                .increment(by: count)
        }
    }
}
