import Testing

@testable import Postgres

@Suite struct MigrationPlanTests {
    private func entries(_ names: String...) -> [MigrationPlan.Entry] {
        names.map { MigrationPlan.Entry(name: $0, checksum: "sum of \($0)") }
    }

    @Test func `what is not applied is pending, in order`() throws {
        #expect(
            try MigrationPlan.decide(known: entries("1", "2", "3"), applied: []).pending == ["1", "2", "3"])
        #expect(
            try MigrationPlan.decide(known: entries("1", "2", "3"), applied: entries("1")).pending == [
                "2", "3",
            ])
        #expect(try MigrationPlan.decide(known: entries("1"), applied: entries("1")).pending.isEmpty)
        #expect(try MigrationPlan.decide(known: [], applied: []).pending.isEmpty)
    }

    @Test func `an applied migration must not change`() {
        let changed = [MigrationPlan.Entry(name: "1", checksum: "other")]
        #expect(throws: MigrationError.checksumChanged(name: "1")) {
            try MigrationPlan.decide(known: changed, applied: entries("1"))
        }
    }

    @Test func `a database that knows more than the program is refused`() {
        #expect(throws: MigrationError.unknownApplied(["2", "3"])) {
            try MigrationPlan.decide(known: entries("1"), applied: entries("3", "2", "1"))
        }
    }

    @Test func `nothing is applied before what already is`() {
        #expect(throws: MigrationError.outOfOrder(name: "2", after: "3")) {
            try MigrationPlan.decide(known: entries("1", "2", "3"), applied: entries("1", "3"))
        }
    }
}
