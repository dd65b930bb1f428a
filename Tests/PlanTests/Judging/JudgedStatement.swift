/// A statement of the sources with the plans that it has, whoever sends it.
struct JudgedStatement {
    let name: String
    /// By session: in a database in which nobody has ever been, and in one with a long past.
    var plans: [SessionKind: (empty: Plan, full: Plan)] = [:]

    /// What is kept under fixtures/plans: the plan of each session, and the other one where it depends on the tables.
    var text: String {
        var sections: [(title: String, plan: Plan)] = []
        for (session, plan) in plans.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            sections.append((session.rawValue, plan.full))
            if plan.empty != plan.full {
                sections.append(("\(session.rawValue), while the tables are empty", plan.empty))
            }
        }
        return sections.map { "-- \($0.title)\n\($0.plan.text)" }.joined(separator: "\n")
    }

    /// What the rules find in any of the plans.
    var findings: [String] {
        let found = plans.values.flatMap { plan in
            PlanRule.findings(plan.empty, of: name, whileEmpty: true)
                + PlanRule.findings(plan.full, of: name, whileEmpty: false)
        }
        return Set(found).sorted().map { "\(name) \($0)" }
    }
}
