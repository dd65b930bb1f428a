extension PostgresConfiguration {
    /// The same, for sessions that only look rows up by key: one plan for each statement, the same whatever is looked up.
    ///
    /// Scans of whole tables, hash and merge joins and JIT pay off for reports alone. Switched off, a plan that was made
    /// while the tables were empty cannot become one; the order of the joins is written into the statements (LATERAL).
    /// Source: engine.md, pitfall 1; docs/decisions/0011-plans-are-pinned.md.
    public var withPinnedPlans: PostgresConfiguration {
        // Statements that are not prepared are planned each time, for what the tables hold then.
        guard usesPreparedStatements else { return self }
        var pinned = self
        for method in ["seqscan", "bitmapscan", "hashjoin", "mergejoin", "memoize"] {
            pinned.settings["enable_\(method)"] = "off"
        }
        pinned.settings["jit"] = "off"
        pinned.settings["plan_cache_mode"] = "force_generic_plan"
        pinned.replansAsTablesGrow = true
        return pinned
    }
}
