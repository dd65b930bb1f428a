internal import Postgres

/// What to do about a group whose transaction failed as a whole; a pure reading of the error.
enum GroupFailure: Equatable {
    /// The connection was lost before COMMIT was sent: nothing is written, try again on another.
    case lostBeforeCommit
    /// The connection was lost with COMMIT on its way: ask the database before anybody is told.
    case lostAtCommit
    /// Two transactions got in each other's way: the whole group again.
    case collided
    /// Some member cannot be written, or its rows cannot be read: halve the group until it stands alone.
    case poisoned

    /// - Parameter sentCommit: whether COMMIT had been sent when the error came.
    init(_ error: any Error, sentCommit: Bool) {
        guard let error = error as? PostgresError else {
            self = .poisoned
            return
        }
        if error.isConnectionLost {
            self = sentCommit && error.mayHaveCommitted ? .lostAtCommit : .lostBeforeCommit
        } else if error.sqlState == .readOnlyTransaction {
            self = .lostBeforeCommit
        } else {
            self = error.isTransient ? .collided : .poisoned
        }
    }
}
