import Logging
import Postgres
import Primitives
import Provisioning
import TestSupport

/// Two resellers, Alba and Brio, who named everything alike, and the gateways that serve them.
///
/// Each has the networks `AMS` and `BER` (mobile), `VIE` (residential) and `OFF` (mobile, not active), with one
/// simulated gateway each: `ams-1`, `ber-1`, `vie-1`, `off-1`.
struct World: Sendable {
    let database: TestDatabase
    let fleet = SimulatedFleet()
    let ending = PlainEnding()
    let seal = CredentialSeal(Seal(InstallationKey(id: 1, bytes: [UInt8](repeating: 7, count: 32))!))
    let identifiers = ProcessIdentifiers(seed: 42)
    let random = SeededRandom(seed: 42)
    let alba: Tenant
    let brio: Tenant
    let worker: PostgresPool
    let engine: PostgresPool
    let door: PostgresPool

    var clock: ManualClock { database.clock }
    var now: Instant { clock.now() }
    var tenants: [Tenant] { [alba, brio] }

    /// Lays out both tenants; each gateway offers `ports`.
    init(_ database: TestDatabase, ports: ClosedRange<Int32> = 101...103, connections: Int = 2) async throws {
        self.database = database
        alba = Tenant(id: TenantID(1), slug: "alba", identifiers, database.clock.now())
        brio = Tenant(id: TenantID(2), slug: "brio", identifiers, database.clock.now())
        worker = database.pool(.worker, threads: connections)
        engine = database.pool(.engine, threads: connections)
        door = database.pool(.door, threads: connections)
        for tenant in [alba, brio] { try await layOut(tenant, ports) }
    }

    /// A worker with no memory of what another did.
    func makeWorker(
        settings: WorkerSettings = .quick, logger: Logger = .quiet, onStep: WorkerProbe? = nil
    ) -> ProvisioningWorker {
        ProvisioningWorker(
            pool: worker, fleet: fleet, ending: ending, seal: seal, clock: clock, random: random,
            identifiers: identifiers, settings: settings, logger: logger, onStep: onStep
        )
    }

    /// Runs a new worker until it finds nothing to do, and returns all that it did.
    @discardableResult
    func work(_ worker: ProvisioningWorker? = nil) async throws -> [WorkerReport] {
        let worker = worker ?? makeWorker()
        var reports: [WorkerReport] = []
        repeat {
            reports.append(try await worker.cycle(now: now))
        } while !reports[reports.count - 1].isIdle && reports.count < 20
        return reports
    }

    func gateway(_ tenant: Tenant, _ name: String) -> SimulatedDriver {
        fleet.simulated(tenant: tenant.id, gateway: tenant.gateways[name]!)
    }

    private func layOut(_ tenant: Tenant, _ ports: ClosedRange<Int32>) async throws {
        try await database.owner.run { [now = clock.now()] connection in
            for statement in tenant.rows(at: now, ports: ports) { _ = try connection.query(statement) }
        }
    }
}

extension WorkerSettings {
    /// Gateways that stall are given up at once; everything else is as in production.
    static var quick: WorkerSettings {
        var settings = WorkerSettings()
        settings.gatewayTimeoutMilliseconds = 200
        return settings
    }
}
