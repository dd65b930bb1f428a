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

    init(_ error: any Error) {
        guard let error = error as? PostgresError else {
            self = .poisoned
            return
        }
        if error.isConnectionLost {
            self = error.mayHaveCommitted ? .lostAtCommit : .lostBeforeCommit
        } else if error.sqlState == .readOnlyTransaction {
            self = .lostBeforeCommit
        } else {
            self = error.isTransient ? .collided : .poisoned
        }
    }
}
