internal import Postgres
internal import Primitives

/// Writes an export on a pool's thread, out of the one snapshot that its transaction sees.
struct ExportWriting {
    private let scope: ExportScope
    private let bytes = ExportBytes()
    private let send: SnapshotStream.Sink

    /// A chunk is handed over when it is so large: worth it, and little to keep.
    private static let chunkBytes = 64 * 1_024

    /// Writes all of it and answers what was written.
    static func write(
        _ scope: ExportScope, _ transaction: Transaction, _ send: SnapshotStream.Sink
    ) throws -> ExportFigures {
        try withoutActuallyEscaping(send) { send in
            try ExportWriting(scope: scope, send: send).write(transaction)
        }
    }

    private init(scope: ExportScope, send: @escaping SnapshotStream.Sink) {
        self.scope = scope
        self.send = send
    }

    private func write(_ transaction: Transaction) throws -> ExportFigures {
        let seen: String = try transaction.query(ExportStore.snapshot)[0].get(0)
        let totals: ControlTotals
        switch scope.format {
        case .csv, .jsonl: totals = try writeTable(transaction.connection)
        case .hledger, .beancount: totals = try writeJournal(transaction.connection)
        }
        try flush(least: 1)
        return ExportFigures(
            totals: totals, snapshot: seen, takenAt: transaction.realNow, tenantTime: transaction.now)
    }

    private func writeTable(_ connection: Connection) throws -> ControlTotals {
        let table = ExportTable.of(scope.kind)
        let writer = TableWriter(table, scope.format, bytes)
        func rows(_ statement: String) throws {
            try connection.copyRows(statement, columns: table.sources) { row in
                try writer.write(row)
                try flush(least: Self.chunkBytes)
            }
        }
        switch scope.kind {
        case .orders: try rows(ExportStore.orders(scope))
        case .journal: try rows(ExportStore.journal(scope))
        case .postings: try rows(ExportStore.postings(scope))
        case .balances: try rows(ExportStore.balances(scope))
        case .wholesaleMargin: try rows(ExportStore.wholesaleMargin(scope))
        case .couponCost: try rows(ExportStore.couponCost(scope))
        case .deferredRevenue: try writeSchedule(connection, writer)
        }
        return writer.totals
    }

    private func writeSchedule(_ connection: Connection, _ writer: TableWriter) throws {
        guard let months = scope.zone.months(of: scope.period, limit: ExportScope.monthsMax) else {
            preconditionFailure("a scope has no more months than a schedule shows")
        }
        let schedule = ScheduleWriter(scope, months, writer)
        try connection.copyRows(ExportStore.recognition(scope), columns: 10) { row in
            try schedule.read(row)
            try flush(least: Self.chunkBytes)
        }
        try schedule.end()
    }

    private func writeJournal(_ connection: Connection) throws -> ControlTotals {
        let writer = JournalWriter(scope, scope.format, bytes)
        func rows(_ statement: String, columns: Int, _ write: (CopiedRow) throws -> Void) throws {
            try connection.copyRows(statement, columns: columns) { row in
                try write(row)
                try flush(least: Self.chunkBytes)
            }
        }
        let balances = ExportStore.balances(scope)
        try rows(balances, columns: 10, writer.open)
        try rows(ExportStore.movements(scope), columns: 14, writer.write)
        try rows(balances, columns: 10, writer.close)
        return writer.totals
    }

    private func flush(least: Int) throws {
        if bytes.count >= least { try send(bytes.take()) }
    }
}

/// What an export comes to, known once all of it has been written.
struct ExportFigures: Sendable, Hashable {
    let totals: ControlTotals
    /// Which transactions were seen, in PostgreSQL's words.
    let snapshot: String
    /// The real clock's moment of the snapshot.
    let takenAt: Instant
    /// The same by the tenant's clock.
    let tenantTime: Instant
}
