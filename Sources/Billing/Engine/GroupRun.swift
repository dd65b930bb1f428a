internal import Postgres
internal import Primitives

/// Someone stopped the engine between two steps (`EngineStep`); only tests do.
struct EngineDeath: Error {
    let cause: any Error
}

/// A tenant's clock is not where the group's was thought to be; nothing was decided.
struct ClocksDiffer: Error {
    /// Where they are, of all tenants of the group, in milliseconds ahead.
    let clocks: [TenantID: Int64]
}

extension TenantClocks {
    mutating func learn(_ difference: ClocksDiffer) {
        for (tenant, ahead) in difference.clocks { set(ahead, of: tenant) }
    }
}

/// One attempt at a group: lock and read, decide, write and commit.
struct GroupRun {
    let submissions: [Submission]
    let connection: Connection
    let stock: any Stock
    let cursors: [TenantKey<NetworkID>: Int64]
    var ids: IdentifierSequence
    /// The real clock's and the one that all of the group's tenants should have.
    let time: TenantTime
    private let aheadMilliseconds: Int64
    let onStep: @Sendable (EngineStep) throws -> Void

    private(set) var decisions: [Decision] = []
    /// Whether COMMIT may have reached the database: before that a lost connection has written nothing.
    private(set) var sentCommit = false
    private(set) var highestTaken: [TenantKey<NetworkID>: Int64] = [:]

    /// - Parameters:
    ///   - now: the real clock's.
    ///   - aheadMilliseconds: how far the clocks of the submissions' tenants are thought to be ahead of it; where one of
    ///     them is not, the group is not carried out (`ClocksDiffer`).
    init(
        submissions: [Submission], connection: Connection, stock: any Stock,
        cursors: [TenantKey<NetworkID>: Int64] = [:], ids: IdentifierSequence, now: Instant,
        aheadMilliseconds: Int64 = 0,
        onStep: @escaping @Sendable (EngineStep) throws -> Void = { _ in }
    ) {
        self.submissions = submissions
        self.connection = connection
        self.stock = stock
        self.cursors = cursors
        self.ids = ids
        time = TenantTime(real: now, aheadMilliseconds: aheadMilliseconds)
        self.aheadMilliseconds = aheadMilliseconds
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

    /// Decides every command as if it were alone, and lets the locks go again: nothing is written.
    mutating func foresee() throws -> [Decision] {
        try step(.gathered)
        let decisions = try foreseeWithinTransaction(opening: ["BEGIN"])
        try connection.execute("ROLLBACK")
        return decisions
    }

    /// The same inside a transaction of the caller's, whose locks stay until it ends.
    mutating func foreseeWithinTransaction(opening: [Statement] = []) throws -> [Decision] {
        let decider = try read(opening: opening)
        decisions = submissions.map { submission in
            var alone = decider
            return alone.decide([submission])[0]
        }
        try step(.decided)
        return decisions
    }

    private mutating func decide(opening: [Statement]) throws -> [Statement] {
        var decider = try read(opening: opening)
        decisions = decider.decide(submissions)
        ids = decider.ids
        highestTaken = decider.rows.shelf.highestTaken
        try step(.decided)
        return decider.writes.statements(decider.rows.books, stock, at: time.now)
    }

    private func read(opening: [Statement]) throws -> Decider {
        let transaction = GroupTransaction(connection: connection, stock: stock, cursors: cursors)
        let rows = try transaction.read(submissions, at: time.now, opening: opening)
        try step(.read)
        if rows.clocks.contains(where: { $0.value != aheadMilliseconds }) {
            throw ClocksDiffer(clocks: rows.clocks)
        }
        return Decider(rows: rows, ids: ids, now: time.now, madeAt: time.real, join: stock.joined)
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
