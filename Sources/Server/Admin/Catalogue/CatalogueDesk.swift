internal import Catalog
internal import Postgres
internal import Primitives

/// Shows and changes one tenant's catalogue on behalf of staff: with the parser, the planner, the lock and the notification
/// of `tollgate apply`, and a record of the change in the same transaction.
struct CatalogueDesk: Sendable {
    /// With the doors' rights, and the tenants' clocks.
    let reading: PostgresPool
    /// With connections of the role `tollgate_catalogue`.
    let changes: AdminChanges
    let random: any RandomSource
    let vocabulary = KnownDialects.all.vocabulary

    /// The tenant's catalogue as it is, and how far its float may go below zero.
    func shown(_ tenant: AdminTenant) async throws -> (catalogue: ShownCatalogue, creditLimit: Money) {
        try await reading.snapshot(tenant: tenant.id) { transaction in
            let results = try transaction.pipeline(
                CatalogueReads.statements(of: tenant.id) + [AdminCatalogueStore.creditLimit(tenant.id)])
            let rows = try CatalogueReads.shown(Array(results.dropLast()))
            guard let catalogue = try ShownCatalogue(rows, of: tenant.id), let last = results.last else {
                throw AdminProblem(.notFound)
            }
            return (catalogue, try AdminCatalogueStore.creditLimit(last, in: tenant.currency))
        }
    }

    /// Carries out what is asked of the catalogue as it is under the lock: all of it, or nothing.
    ///
    /// - Parameters:
    ///   - body: what the request asks for, by which its Idempotency-Key knows it again.
    ///   - ask: what is wanted, given the catalogue; called again where the transaction has to be.
    ///   - answer: what is answered and recorded, of the catalogue before and after and the lines of what changed.
    func change(
        _ call: AdminCall, _ body: JSON, _ ask: @escaping @Sendable (CatalogueState) throws -> CatalogueWish,
        _ answer: @escaping @Sendable (CatalogueState, CatalogueState, [ChangeLine]) throws -> CatalogueAnswer
    ) async throws -> AdminAnswer {
        guard let tenant = call.tenant else { preconditionFailure("a catalogue without a tenant") }
        // What is sold to try things out is what is sold: a sandbox follows its tenant.
        guard tenant.sandboxOf == nil else { throw AdminProblem(.sandboxFollows) }
        let seed = seed()
        do {
            return try await changes.run(call, on: tenant.id, body) { transaction, _ in
                let change = CatalogueChanging(transaction: transaction, tenant: tenant, seed: seed)
                let (value, note) = try change.carryOut(ask, answer)
                // What changed nothing leaves nothing behind, no remembered answer either.
                guard let note else { throw NothingChanged(value: value) }
                return (value, note)
            }
        } catch let end as NothingChanged {
            return .raw(DialectResponse(call.endpoint, end.value.encoded()))
        } catch let error as DocumentError {
            throw AdminProblem(error)
        } catch let error as PostgresError where error.sqlState == .checkViolation {
            // Sold meanwhile: a coupon's limit was looked at without the engine's lock.
            throw AdminProblem(.conflict)
        }
    }

    func seed() -> UInt64 { random.bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }

    private struct NothingChanged: Error {
        let value: JSON
    }
}

/// A catalogue under the lock, with the number that its file shows beside it.
struct CatalogueState: Sendable {
    let catalogue: ShownCatalogue
    let creditLimit: Money

    var file: JSON { catalogue.file(creditLimit: creditLimit) }
}

/// What is asked of a catalogue.
enum CatalogueWish: Sendable {
    /// That it says what this document says.
    case document(CatalogueDocument, prunes: Bool = false, isDryRun: Bool = false)
    /// That it and the tenant itself, its sandbox and its wholesale account, be as this document says.
    case tenant(CatalogueDocument)
    /// That a name be taken off its door.
    case removal(HostRow)
}

/// What is answered, and recorded: `nil` where nothing changed.
typealias CatalogueAnswer = (value: JSON, note: AuditNote?)
