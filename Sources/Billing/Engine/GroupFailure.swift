internal import Postgres

/// What to do about a group whose transaction failed as a whole; a pure reading of the error.
enum GroupFailure: Equatable {
    /// The connection was lost before COMMIT was sent: nothing is written, try again on another.
    case lostBeforeCommit
    /// The connection was lost with COMMIT on its way: ask the database before anybody is told.
    case lostAtCommit
    /// Two transactions got in each other's way: the whole group again.
    case collided
    /// Free units are claimed by somebody else: again in a moment, then one by one.
    case contended
    /// Some member cannot be written, or its rows cannot be read: halve the group until it stands alone.
    case poisoned

    /// Rows that another process may write between our look and our own row.
    private static let lostRaces: Set<String> = [
        "one_answer_per_idempotency_key", "journal_entry_reference_is_unique_per_tenant",
        "account_is_unique_per_owner_role_and_currency", "a_payment_has_one_name_at_its_provider",
        "a_reversal_has_one_name_at_its_provider",
    ]

    /// - Parameter sentCommit: whether COMMIT had been sent when the error came.
    init(_ error: any Error, sentCommit: Bool) {
        guard let error = error as? PostgresError else {
            self = error is ShelfContended ? .contended : .poisoned
            return
        }
        if error.isConnectionLost {
            self = sentCommit && error.mayHaveCommitted ? .lostAtCommit : .lostBeforeCommit
        } else if error.sqlState == .readOnlyTransaction {
            self = .lostBeforeCommit
        } else if Self.lostRaces.contains(error.constraint ?? "") || error.isStalePreparedStatement {
            // The winner's row is there now and will be read; a statement is prepared anew.
            self = .collided
        } else {
            self = error.isTransient ? .collided : .poisoned
        }
    }
}
