internal import Primitives

/// Work that runs when nobody asks: from `tollgate job`, and by the schedule of `work` and `up`.
///
/// It works in transactions of a batch each, finds out what to do from the rows alone, and may be run at any time, late,
/// several times at once, and be killed anywhere.
protocol Job: Sendable {
    var name: JobName { get }
    /// One pass over all there is to do; what fails in part is told to the progress and stops nothing else.
    func run(_ order: JobOrder, _ progress: JobProgress) async throws
}

/// What one run is for.
struct JobOrder: Sendable {
    /// `nil`: all tenants.
    let tenant: JobTenant?
    /// What the run takes for the real time; a sandbox's own clock is ahead of it as it is of the real one.
    let clock: any WallClock
}

/// The one tenant that a run is for.
struct JobTenant: Sendable, Hashable {
    let id: TenantID
    let slug: String
}

/// A clock that stands still: what `--now` names.
struct StoppedClock: WallClock {
    let instant: Instant

    func now() -> Instant { instant }
}
