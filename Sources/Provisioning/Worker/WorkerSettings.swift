/// How a provisioning worker works.
public struct WorkerSettings: Sendable {
    public var quarantine = Quarantine.standard
    public var retry = RetryPolicy.standard
    /// How long the worker sleeps when nobody wakes it, in ms.
    public var pollMilliseconds: Int64 = 1_000
    /// How far two cycles are apart at least, in ms: while purchases pour in, their changes travel together.
    public var pauseMilliseconds: Int64 = 50
    /// How long a gateway may take to answer one request, in ms.
    public var gatewayTimeoutMilliseconds: Int64 = 10_000
    /// How often everything that is believed to be settled is looked at again, in ms.
    public var reviewMilliseconds: Int64 = 60_000
    /// How often the ready slots are counted for the metrics, in ms.
    public var measureMilliseconds: Int64 = 15_000
    /// How many rows one transaction changes that nobody waits for.
    public var batch = 1_000
    /// How many rows one transaction changes that purchases may be waiting for.
    public var lendingBatch = 200
    /// How many gateways are talked to at once.
    public var gatewaysAtOnce = 8

    public init() {}
}
