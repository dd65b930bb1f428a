import Testing

@testable import Postgres

@Suite struct PlanAgeTests {
    private let start = ContinuousClock.now

    /// At which of these moments the plans are found to be over, when it is asked at each of them.
    private func ends(among seconds: [Double]) -> [Double] {
        var age = PlanAge(madeAt: start)
        return seconds.filter { age.isOver(at: start + .seconds($0)) }
    }

    @Test func `plans are made anew after a second, then twice as late each time`() {
        #expect(ends(among: [0.999, 1, 2.999, 3, 6.999, 7]) == [1, 3, 7])
    }

    @Test func `no plan lives longer than a minute`() {
        let late = (1...20).map { Double($0) * 120 }
        #expect(ends(among: late + [2459.999, 2460]) == late + [2460])
    }

    @Test func `a plan made for an empty table is gone once it is over`() async throws {
        let connection = try Connection(try await Scratch().configuration.withPinnedPlans)
        try connection.execute("CREATE TABLE things (id bigint PRIMARY KEY, kind integer)")
        try connection.execute("CREATE INDEX things_by_kind ON things (kind); ANALYZE things")
        let lookUp = Statement("SELECT id FROM things WHERE kind = $1 AND id = $2", [Int32(1), Int64(7)])
        _ = try connection.query(lookUp)
        try connection.execute("INSERT INTO things SELECT n, 1 FROM generate_series(1, 20000) n")

        connection.planAge = PlanAge(madeAt: .now - .seconds(2))
        _ = try connection.query(lookUp)
        let plan = try connection.query("EXPLAIN (COSTS OFF) EXECUTE s1(NULL, NULL)")
        #expect(try plan[0].get(0, as: String.self) == "Index Scan using things_pkey on things")
    }
}
