import Postgres
import Testing

@testable import Billing

/// What the engine makes of an error: who may be told what depends on it.
@Suite("Failures of a group")
struct GroupFailureTests {
    @Test(arguments: [
        ("40001", GroupFailure.collided), ("40P01", .collided), ("55P03", .collided), ("57014", .collided),
        ("23505", .poisoned), ("23514", .poisoned), ("22021", .poisoned), ("42501", .poisoned),
        ("25006", .lostBeforeCommit),
    ])
    func `a SQLSTATE says whether to try the group again or to look for the culprit`(
        state: String, expected: GroupFailure
    ) {
        var error = PostgresError(message: "said no")
        error.sqlState = SQLState(rawValue: state)
        #expect(GroupFailure(error, sentCommit: false) == expected)
        #expect(GroupFailure(error, sentCommit: true) == expected)
    }

    @Test(arguments: [
        (false, true, GroupFailure.lostBeforeCommit), (true, false, .lostBeforeCommit),
        (true, true, .lostAtCommit),
    ])
    func `a lost connection is only doubtful once COMMIT may have arrived`(
        sentCommit: Bool, mayHaveCommitted: Bool, expected: GroupFailure
    ) {
        var error = PostgresError(message: "gone", isConnectionLost: true)
        error.mayHaveCommitted = mayHaveCommitted
        #expect(GroupFailure(error, sentCommit: sentCommit) == expected)
    }

    @Test(arguments: ["one_answer_per_idempotency_key", "journal_entry_reference_is_unique_per_tenant"])
    func `a lost race for a unique row is tried again, and then reads the winner's`(constraint: String) {
        var error = PostgresError(message: "duplicate key")
        error.sqlState = .uniqueViolation
        error.constraint = constraint
        #expect(GroupFailure(error, sentCommit: true) == .collided)
    }

    @Test func `an error that is not the database's is looked for in the group`() {
        struct Odd: Error {}
        #expect(GroupFailure(Odd(), sentCommit: true) == .poisoned)
    }
}
