/// Why the schema was not migrated; whatever was applied before the error stays applied.
public enum MigrationError: Error, Sendable, Equatable {
    /// An applied migration is no longer what was applied; write a new one instead of changing it.
    case checksumChanged(name: String)
    /// The database knows migrations that this program does not: the program is older than the schema.
    case unknownApplied([String])
    /// A migration would have to be applied before one that already is.
    case outOfOrder(name: String, after: String)
    /// A check found rows; the first of them are shown.
    case checkFailed(name: String, check: Check, rows: [String])
    /// The migration's SQL began or ended a transaction by itself.
    case endedItsTransaction(name: String)
    /// A folder is not called `NNNN-name`, or the numbers have a gap or a repetition.
    case badFolder(String)

    /// Which of a migration's checks found something.
    public enum Check: String, Sendable {
        case before = "check_before"
        case after = "check_after"
    }
}

extension MigrationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .checksumChanged(let name):
            "migration \(name) has been applied and was changed since; add a new migration instead"
        case .unknownApplied(let names):
            "the database is newer than this program, which does not know \(names.joined(separator: ", "))"
        case .outOfOrder(let name, let after):
            "migration \(name) comes before \(after), which is already applied"
        case .checkFailed(let name, let check, let rows):
            "migration \(name): \(check.rawValue) found\n  \(rows.joined(separator: "\n  "))"
        case .endedItsTransaction(let name): "migration \(name) ends the transaction that it runs in"
        case .badFolder(let problem): problem
        }
    }
}
