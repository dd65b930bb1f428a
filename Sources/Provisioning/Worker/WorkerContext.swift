internal import Logging
internal import Postgres
internal import Primitives

/// What every part of a worker works with.
struct WorkerContext: Sendable {
    let pool: PostgresPool
    let fleet: any GatewayFleet
    let ending: any SubscriptionEnding
    let seal: CredentialSeal
    let generator: CredentialGenerator
    let identifiers: any IdentifierSource
    let settings: WorkerSettings
    let logger: Logger
    let onStep: WorkerProbe?

    /// One short transaction over all tenants; the pool's role is the worker's.
    func transaction<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await pool.transaction(tenant: nil, body)
    }

    /// Tells the probe that a step is over.
    func passed(_ step: WorkerStep) async throws {
        guard let onStep else { return }
        do {
            try await onStep(step)
        } catch {
            throw WorkerInterrupted(step: step, underlying: error)
        }
    }

    /// Runs one part; its failure becomes a problem of the report and stops nothing but itself.
    func isolated(
        _ what: String, _ report: inout WorkerReport, isolation: isolated (any Actor)? = #isolation,
        _ part: (inout WorkerReport) async throws -> Void
    ) async throws {
        do {
            try await part(&report)
        } catch let interruption as WorkerInterrupted {
            throw interruption
        } catch {
            logger.error(
                "provisioning failed in part and goes on", metadata: ["part": "\(what)", "error": "\(error)"])
            report.problems.append("\(what): \(error)")
        }
    }

    /// New credentials for a slot, sealed for its next version.
    func credentials(tenant: TenantID, slot: SlotID, version: Int32) -> RenewedCredentials {
        RenewedCredentials(
            tenant: tenant, slot: slot, version: version, username: generator.username(),
            sealedSecret: seal.seal(generator.secret(), tenant: tenant, slot: slot, version: version)
        )
    }
}
