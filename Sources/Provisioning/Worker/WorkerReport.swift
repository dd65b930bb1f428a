/// What one cycle of a worker did.
public struct WorkerReport: Sendable, Hashable {
    /// Allocations that ended, with their grace.
    public var released = 0
    /// Slots made for ports that had none.
    public var stocked = 0
    /// Slots whose ports are not offered any more.
    public var retired = 0
    /// Slots of inactive gateways that were taken off sale.
    public var withdrawn = 0
    /// Slots that got new credentials.
    public var renewed = 0
    /// Slots that gateways were told about.
    public var applied = 0
    /// Slots put up for sale.
    public var confirmed = 0
    /// Slots that began to rest.
    public var quarantined = 0
    /// Exits that were changed.
    public var rotated = 0
    /// Rows that fail alone, as a pass over the stock leaves them; a running worker tries them again by itself.
    public var parked = 0
    /// What went wrong, in words without secrets; it is tried again.
    public var problems: [String] = []

    public init() {}

    /// Whether anything was done.
    public var isIdle: Bool {
        released + stocked + retired + withdrawn + renewed + applied + confirmed + quarantined + rotated == 0
    }

    mutating func add(_ other: WorkerReport) {
        released += other.released
        stocked += other.stocked
        retired += other.retired
        withdrawn += other.withdrawn
        renewed += other.renewed
        applied += other.applied
        confirmed += other.confirmed
        quarantined += other.quarantined
        rotated += other.rotated
        parked += other.parked
        problems += other.problems
    }
}
