internal import Postgres
internal import Primitives

/// Someone stopped the engine between two steps (`EngineStep`); only tests do.
struct EngineDeath: Error {
    let cause: any Error
}

/// One attempt at a group: lock and read, decide, write and commit.
struct GroupRun {
    let submissions: [Submission]
    let connection: Connection
    let stock: any Stock
    let cursors: [TenantKey<NetworkID>: Int64]
    var ids: IdentifierSequence
    let now: Instant
    let onStep: @Sendable (EngineStep) throws -> Void

    private(set) var decisions: [Decision] = []
    /// Whether COMMIT may have reached the database: before that a lost connection has written nothing.
    private(set) var sentCommit = false
    private(set) var highestTaken: [TenantKey<NetworkID>: Int64] = [:]

    init(
        submissions: [Submission], connection: Connection, stock: any Stock,
        cursors: [TenantKey<NetworkID>: Int64] = [:], ids: IdentifierSequence, now: Instant,
        onStep: @escaping @Sendable (EngineStep) throws -> Void = { _ in }
    ) {
        self.submissions = submissions
        self.connection = connection
        self.stock = stock
        self.cursors = cursors
        self.ids = ids
        self.now = now
        self.onStep = onStep
    }

    /// Two round trips: BEGIN with the locks and reads, then the writes with COMMIT.
    mutating func carryOut() throws -> [Decision] {
        try step(.gathered)
        let statements = try decide(opening: ["BEGIN"])
        try step(.written)
        sentCommit = true
        _ = try connection.pipeline(statements + ["COMMIT"])
        try step(.committed)
        return decisions
    }

    /// Inside a transaction of the caller's, who commits: for work that must stand or fall with other rows.
    mutating func carryOutWithinTransaction() throws -> [Decision] {
        let statements = try decide(opening: [])
        _ = try connection.pipeline(statements)
        return decisions
    }

    private mutating func decide(opening: [Statement]) throws -> [Statement] {
        let transaction = GroupTransaction(connection: connection, stock: stock, cursors: cursors)
        let rows = try transaction.read(submissions, opening: opening)
        try step(.read)
        var decider = Decider(rows: rows, ids: ids, now: now, join: stock.joined)
        decisions = decider.decide(submissions)
        ids = decider.ids
        highestTaken = decider.rows.shelf.highestTaken
        try step(.decided)
        return decider.writes.statements(decider.rows.books, stock, at: now)
    }

    /// Whether this group is in the journal, asked after its COMMIT's answer was lost.
    ///
    /// The accounts are locked first: should the old session still be at its COMMIT, the question waits for it.
    func wasCommitted(askedOn other: Connection) throws -> Bool {
        let commands = zip(submissions, decisions).compactMap { submission, decision in
            if case .answered(.done) = decision {
                (tenant: submission.tenant, id: submission.id)
            } else {
                nil
            }
        }
        // Nothing was written, so nothing depends on the COMMIT.
        guard !commands.isEmpty else { return true }
        let locks = AccountStore.locking(GroupKeys(submissions).accounts)
        let results = try other.pipeline(["BEGIN", locks, JournalStore.committed(commands), "COMMIT"])
        let found = try JournalStore.committed(results[2])
        precondition(found.isEmpty || found.count == commands.count, "half a group was committed")
        return !found.isEmpty
    }

    private func step(_ step: EngineStep) throws {
        do {
            try onStep(step)
        } catch {
            throw EngineDeath(cause: error)
        }
    }
}
