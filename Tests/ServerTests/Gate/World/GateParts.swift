import Billing
import Crypto
import Postgres
import Primitives
import Provisioning
import TestSupport

@testable import Server

/// What a gate is put together from, over a test's database.
struct GateParts {
    let pool: PostgresPool
    let seal: Seal
    let ids: any IdentifierSource
    let clock: ManualClock
    let catalogues: CatalogueCache
    let sessions: Sessions
    let authenticator: APIKeyAuthenticator
    let random = SeededRandom(seed: 5)

    init(_ database: TestDatabase, _ seal: Seal, _ ids: any IdentifierSource, _ catalogueMilliseconds: Int64)
    {
        self.seal = seal
        self.ids = ids
        clock = database.clock
        pool = database.pool(.door)
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
        let credentialSeal = CredentialSeal(seal)
        return Gate(
            admission: Admission(keys: authenticator, sessions: sessions, limiter: SlidingWindowLimiter()),
            catalogues: catalogues,
            holdings: Holdings(pool: pool, seal: credentialSeal),
            changes: ConnectionChanges(
                changes: IdempotentConnectionChange(pool: pool, answers: RememberedAnswers(seal), ids: ids),
                connections: Connections(seal: credentialSeal, random: random), pool: pool,
                seal: credentialSeal, onSlotsChanged: onSlotsChanged),
            desk: OrderDesk(
                engine: engine, catalogues: catalogues, seal: seal, ids: ids, onSlotsChanged: onSlotsChanged),
            installationKeys: [GateWorld.installationKey], settings: settings, logger: .quiet)
    }
}
