/// The points between two steps of a worker: after each, whatever comes next may never happen.
public enum WorkerStep: String, Sendable, Hashable, CaseIterable {
    /// Expired allocations are released and their slots drain.
    case released
    /// New slots are stored, held.
    case stocked
    /// Rested slots have new credentials, held.
    case renewed
    /// A gateway has taken a change in, and nobody has written it down.
    case applied
    /// The version that a gateway has is recorded.
    case recorded
    /// Held slots are for sale.
    case confirmed
    /// The open connections of draining slots are cut.
    case connectionsClosed
    /// Drained slots rest.
    case quarantined
    /// Due rotations are taken by this worker.
    case rotationsTaken
    /// A gateway has changed an exit, and nobody has written it down.
    case rotated
}

/// Called between two steps; tests make it throw, which ends the worker as a crash would.
public typealias WorkerProbe = @Sendable (WorkerStep) async throws -> Void

/// A worker ended between two steps.
public struct WorkerInterrupted: Error {
    public let step: WorkerStep
    public let underlying: any Error
}
