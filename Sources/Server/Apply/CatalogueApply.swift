internal import Billing
internal import Catalog
public import Postgres
public import Primitives

/// Makes the database say what a catalogue file says: in one transaction, or not at all.
public struct CatalogueApply: Sendable {
    private let pool: PostgresPool
    private let dialects: KnownDialects
    private let hasher: any SecretHasher
    private let random: any RandomSource
    private let actor: String

    /// - Parameters:
    ///   - pool: connections with the owner's rights; the transaction's instant is the pool's clock's.
    ///   - actor: who is written down as having changed what the file changes.
    public init(
        pool: PostgresPool, dialects: KnownDialects, hasher: any SecretHasher,
        random: any RandomSource = SystemRandom(), actor: String = "tollgate apply"
    ) {
        self.pool = pool
        self.dialects = dialects
        self.hasher = hasher
        self.random = random
        self.actor = actor
    }

    /// Reads a file's bytes and applies them. Applies queue up: a second one waits for the first to end.
    ///
    /// - Parameter file: what errors call the file.
    public func apply(
        _ bytes: [UInt8], file: String, options: ApplyOptions = ApplyOptions()
    ) async throws(ApplyError) -> ApplyReport {
        let document: CatalogueDocument
        do throws(DocumentError) {
            document = try CatalogueDocument.parse(bytes: bytes, file: file, vocabulary: dialects.vocabulary)
        } catch {
            throw .document(error)
        }
        let report: ApplyReport
        do {
            report = try await apply(document, options)
        } catch let error as DocumentError {
            throw .document(error)
        } catch {
            throw .unavailable(Fault("applying \(file)", error))
        }
        guard !report.isDryRun, !report.lines.isEmpty else { return report }
        return await analysed(report)
    }

    /// Only plans get better by it, and autovacuum does it later: what was applied stays applied if this fails, and the
    /// report says so.
    private func analysed(_ report: ApplyReport) async -> ApplyReport {
        do {
            try await pool.run { _ = try $0.query(CatalogueWrites.analysis) }
            return report
        } catch {
            return report.warning("the tables were not analysed, autovacuum will: \(error)")
        }
    }

    private func apply(_ document: CatalogueDocument, _ options: ApplyOptions) async throws -> ApplyReport {
        var attempts = 0
        while true {
            let passwords = try await PasswordBook.prepare(document, pool: pool, hasher: hasher)
            do {
                return try await pool.transaction(tenant: nil) { transaction in
                    let report = try apply(document, options, passwords, transaction)
                    if options.isDryRun { throw DryRunEnded(report: report) }
                    return report
                }
            } catch let end as DryRunEnded {
                return end.report
            } catch is PasswordMoved where attempts < 5 {
                attempts += 1
            }
        }
    }

    private func apply(
        _ document: CatalogueDocument, _ options: ApplyOptions, _ passwords: PasswordBook,
        _ transaction: Transaction
    ) throws -> ApplyReport {
        let rows = try CatalogueReads.rows(
            transaction.pipeline(CatalogueReads.statements(slugs: document.tenants.map(\.slug))))
        var ids = IdentifierSequence(seed: seed())
        let catalogue = try CataloguePlan.decide(
            document, on: rows, prune: options.prunes, ids: &ids, at: transaction.now)
        let people = try decide(document, catalogue, options, passwords, &ids, transaction)
        let writing = ApplyWriting(
            transaction: transaction, ledger: LedgerWork(seed: seed(), stock: SlotStock()))
        try writing.write(catalogue, people, &ids)
        let lines = catalogue.lines + people.lines
        try writing.record(lines, by: .atShell(actor), of: catalogue, rows.tenants, &ids)
        return ApplyReport(
            isDryRun: options.isDryRun, lines: lines, warnings: people.warnings,
            generatedKeys: options.isDryRun ? [] : people.generatedKeys)
    }

    private func decide(
        _ document: CatalogueDocument, _ catalogue: CataloguePlan, _ options: ApplyOptions,
        _ passwords: PasswordBook,
        _ ids: inout IdentifierSequence, _ transaction: Transaction
    ) throws -> CustomerPlan {
        let tenants = catalogue.tenantIDs
        let rows = try CustomerRows.read(document, tenants, everyone: options.prunes, transaction)
        var draft = CustomerDraft(
            rows, dialects: dialects, passwords: passwords, random: random, prunes: options.prunes,
            groups: catalogue.groupIDs, now: transaction.now, ids: ids)
        for tenant in document.tenants {
            guard let id = tenants[tenant.slug] else {
                preconditionFailure("a tenant of the file has no number")
            }
            try draft.add(tenant, id)
        }
        ids = draft.ids
        return draft.plan
    }

    private func seed() -> UInt64 {
        random.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Carries a dry run's report out of the transaction that is rolled back.
private struct DryRunEnded: Error {
    let report: ApplyReport
}
