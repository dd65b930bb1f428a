import Testing

/// What the rule must see in a plan, so that its silence means something.
@Suite("The rule for plans") struct PlanRuleTests {
    @Test(
        arguments: [
            "Seq Scan on orders", "->  Index Scan using orders_pkey on orders o",
            "->  Index Scan using orders_pkey on orders o\n      Index Cond: (tenant_id = $1)\n      Filter: (id = $2)",
            "->  Index Scan using orders_pkey on orders\n      Index Cond: (tenant_id = wanted.tenant_id)",
            "->  Hash Join\n      Hash Cond: (a.id = b.id)", "JIT:\n  Functions: 12",
            "->  Bitmap Index Scan on slots_ready",
            "Filter: ((SubPlan 6) OR (hashed SubPlan 8))",
        ])
    func `a plan that reads more than it looks up is found`(_ text: String) {
        #expect(!findings(text).isEmpty)
    }

    @Test(
        arguments: [
            "Seq Scan on tenants", "->  Function Scan on v",
            "->  Index Scan using orders_pkey on orders o\n      Index Cond: ((tenant_id = v.tenant_id) AND (id = v.id))",
            "->  Index Scan using plans_pkey on plans\n      Index Cond: (tenant_id = $1)",
        ])
    func `a look-up by key, or a small table, is not`(_ text: String) {
        #expect(findings(text) == [])
    }

    private func findings(_ text: String) -> [String] {
        PlanRule.findings(
            Plan(lines: text.split(separator: "\n").map(String.init)), of: "Some/Store.text",
            whileEmpty: false)
    }
}
