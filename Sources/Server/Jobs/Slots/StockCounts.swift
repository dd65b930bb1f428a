internal import Primitives
internal import Provisioning

/// What a run of the job `slots` has done and found.
struct StockCounts: Sendable, Hashable {
    /// What was done about the stock; nothing where a worker of the same process does it.
    var kept = WorkerReport()
    /// Slots by their state, of all tenants that were looked at.
    private(set) var slots: [SlotState: Int64] = [:]
    /// The same, tenant by tenant.
    private(set) var byTenant: [TenantID: [SlotState: Int64]] = [:]
    /// Networks by how they stand, tenant by tenant; those with enough are left out.
    private(set) var short: [TenantID: [StockLevel: Int]] = [:]
    /// Events that were new.
    var told = 0
    /// Networks whose stock cannot be read or told of.
    private(set) var failed = 0
    private var found: [String] = []

    static let problemsMax = 20
    /// Those that are counted.
    static let states: [SlotState] = [.ready, .held, .assigned, .draining, .quarantined]

    /// What went wrong, in words without secrets: the first of it.
    var problems: [String] { Array((kept.problems + found).prefix(Self.problemsMax)) }

    mutating func add(_ count: Int64, _ state: SlotState, of tenant: TenantID) {
        slots[state, default: 0] += count
        byTenant[tenant, default: [:]][state, default: 0] += count
    }

    mutating func add(_ level: StockLevel, of tenant: TenantID) {
        guard level != .enough else { return }
        short[tenant, default: [:]][level, default: 0] += 1
    }

    mutating func fail(_ problem: String) {
        failed += 1
        if found.count < Self.problemsMax { found.append(problem) }
    }

    private func networks(_ level: StockLevel) -> Int {
        short.values.reduce(0) { $0 + ($1[level] ?? 0) }
    }

    var named: JobProgress.Counts {
        Self.states.map { ($0.rawValue, Int(slots[$0] ?? 0)) }
            + [
                ("low", networks(.low)), ("exhausted", networks(.exhausted)), ("told", told),
                ("stocked", kept.stocked), ("renewed", kept.renewed), ("confirmed", kept.confirmed),
                ("rested", kept.quarantined), ("withdrawn", kept.withdrawn), ("retired", kept.retired),
                ("parked", kept.parked), ("failed", failed),
            ]
    }
}
