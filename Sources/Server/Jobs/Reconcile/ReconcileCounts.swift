/// What a run of the reconciliation has found.
struct ReconcileCounts: Sendable, Hashable {
    /// Checks that were made.
    private(set) var checked = 0
    /// Rows that differ.
    private(set) var drift = 0
    /// Checks that could not be made.
    private(set) var failed = 0
    /// What differs, check by check; those that differ at all.
    private(set) var byCheck: [String: Int] = [:]
    /// Tenant, key, what was expected and what was found: the first of each check.
    private(set) var problems: [String] = []

    /// How many of each check are told in full.
    static let problemsMax = 20

    mutating func add(_ first: [String], of count: Int, against check: String) {
        checked += 1
        guard count > 0 else { return }
        drift += count
        byCheck[check] = count
        problems += first.map { "\(check): \($0)" }
        if count > first.count { problems.append("\(check): and \(count - first.count) more") }
    }

    mutating func fail(_ problem: String) {
        failed += 1
        problems.append(problem)
    }

    var named: JobProgress.Counts { [("checked", checked), ("drift", drift), ("failed", failed)] }
}
