import Billing
import Catalog
import Crypto
import Postgres
import Primitives
import Provisioning
import TestSupport

@testable import Server

/// What doors are put together from, over a test's database.
struct DoorParts {
    let pool: PostgresPool
    let seal: Seal
    let ids: any IdentifierSource
    let clock: ManualClock
    let catalogues: CatalogueCache
    let sessions: Sessions
    let authenticator: APIKeyAuthenticator
    let random = SeededRandom(seed: 5)

    /// - Parameter catalogueMilliseconds: how old the doors' snapshot of the catalogue may get.
    init(
        _ database: TestDatabase, ids: any IdentifierSource = SequentialIdentifiers(),
        catalogueMilliseconds: Int64 = 0
    ) {
        seal = Seal(InstallationKey(id: 1, bytes: GateWorld.installationKey)!)
        self.ids = ids
        clock = database.clock
        pool = database.pool(.door) { TenantClockStore.ahead(of: $0) }
        catalogues = CatalogueCache(pool: pool, deafMilliseconds: catalogueMilliseconds, logger: .quiet)
        let cache = PrincipalCache()
        authenticator = APIKeyAuthenticator(pool: pool, cache: cache, clock: clock)
        sessions = Sessions(
            pool: pool, cache: cache, clock: clock, random: random,
            installationKey: SymmetricKey(data: GateWorld.installationKey), audiences: [Gate.name])
    }

    func gate(
        _ engine: Engine, _ settings: Gate.Settings, onSlotsChanged: @escaping @Sendable () -> Void = {}
    ) -> Gate {
        Gate(
            admission: admission, catalogues: catalogues, holdings: holdings,
            changes: changes(onSlotsChanged), desk: desk(engine, onSlotsChanged),
            installationKeys: [GateWorld.installationKey], settings: settings, logger: .quiet)
    }

    func opproxy(_ engine: Engine, _ settings: OPProxy.Settings) -> OPProxy {
        OPProxy(
            admission: admission, catalogues: catalogues, holdings: holdings, changes: changes {},
            desk: desk(engine) {}, answered: AnsweredRequests(pool: pool, answers: RememberedAnswers(seal)),
            history: RequestHistory(pool: pool), settings: settings, logger: .quiet)
    }

    func account(
        _ engine: Engine, _ database: TestDatabase, hasher: any SecretHasher, limits: SignInLimits,
        proofs: ProofLimits, settings: AccountAPI.Settings, provider: (any PaymentProvider)? = nil
    ) -> AccountAPI {
        AccountAPI(
            AccountParts(
                AccountParts.Surroundings(
                    admission: admission, catalogues: catalogues,
                    keyForms: [Gate.name: Gate.keyForm, OPProxy.name: OPProxy.keyForm], hasher: hasher,
                    seal: seal, clock: clock, ids: ids, random: random,
                    preview: { submission throws(EngineError) in try await engine.preview(submission) },
                    payments: { [pool, ids, clock] in
                        PaymentDesk(
                            engine: engine, pool: pool, providers: PaymentProviders { _ in provider },
                            ids: ids, clock: clock, logger: .quiet)
                    }),
                pool: database.pool(.account), reading: pool, owner: database.owner, limits: limits,
                proofs: proofs),
            settings: settings, logger: .quiet)
    }

    func door(_ dialects: [any Dialect], _ recorder: RequestRecorder?) -> FrontDoor {
        FrontDoor(
            catalogue: catalogues, dialects: dialects,
            health: HealthPages(state: ServingState(), checks: []), metrics: PrometheusMetrics(),
            clock: clock, ids: ids, settings: HTTPSettings(), sink: NoLines(), recorder: recorder,
            logger: .quiet)
    }

    private var admission: Admission {
        Admission(keys: authenticator, sessions: sessions, limiter: SlidingWindowLimiter())
    }

    private var holdings: Holdings { Holdings(pool: pool, seal: CredentialSeal(seal)) }

    private func changes(_ onSlotsChanged: @escaping @Sendable () -> Void) -> ConnectionChanges {
        let seal = CredentialSeal(seal)
        return ConnectionChanges(
            changes: IdempotentConnectionChange(
                pool: pool, answers: RememberedAnswers(self.seal), ids: ids),
            connections: Connections(seal: seal, random: random), pool: pool, seal: seal,
            onSlotsChanged: onSlotsChanged)
    }

    private func desk(_ engine: Engine, _ onSlotsChanged: @escaping @Sendable () -> Void) -> OrderDesk {
        OrderDesk(
            engine: engine, catalogues: catalogues, seal: seal, ids: ids, onSlotsChanged: onSlotsChanged)
    }
}

struct NoLines: LogSink {
    func write(_ line: [UInt8]) {}
}
