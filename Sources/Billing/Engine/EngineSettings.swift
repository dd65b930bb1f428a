/// How the engine queues and groups; every bound has a reason to exist and a default that suits two cores.
public struct EngineSettings: Sendable {
    /// Lanes commit independently; a tenant always uses the same one. More than one pays only with more cores.
    public var lanes = 1
    /// Commands waiting per lane; one more is answered 503 before memory grows.
    public var queueLimit = 4_096
    /// Commands in one group.
    public var groupLimit = 512
    /// Commands of jobs in a group where nobody else waits: a customer who comes meanwhile waits for no longer than it, nor
    /// does another process' lane for the accounts that it has locked.
    public var patientGroupLimit = 64
    /// Beside customers a group has one command of a job for so many of theirs.
    public var customersPerPatient = 4
    /// Slots claimed by one group, so that a hundred hundred-fold orders do not hold half the stock at once.
    public var groupUnitLimit = 2_048
    /// Attempts at a group that failed for a transient reason (serialization, deadlock).
    public var attempts = 3
    /// How long a lane tries to reach the database before it tells those who wait.
    public var patienceMilliseconds: Int64 = 5_000
    /// How long a lane tries to learn what became of a COMMIT whose answer was lost.
    public var lookupPatienceMilliseconds: Int64 = 30_000
    /// How long a caller waits, in the queue and then in a group, before being told what is known: clients and proxies
    /// give up after 30 s or so.
    public var answerPatienceMilliseconds: Int64 = 15_000

    public init() {}
}
