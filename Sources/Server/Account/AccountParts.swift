internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives
internal import Provisioning

/// What the account API is put together from.
struct AccountParts: Sendable {
    let admission: Admission
    let signIn: SignIn
    let people: PeopleDesk
    let keys: KeyDesk
    let books: AccountBooks
    let subscriptions: AccountSubscriptions
    let previews: OrderPreviews
    let prices: CustomerPrices
    let topUps: AccountTopUps
    let catalogues: CatalogueCache

    /// What is the same for all of it.
    struct Surroundings: Sendable {
        let admission: Admission
        let catalogues: CatalogueCache
        /// Of the dialects that are served beside it.
        let keyForms: [DialectName: KeyForm]
        let hasher: any SecretHasher
        let seal: Seal
        let clock: any WallClock
        let ids: any IdentifierSource
        let random: any RandomSource
        /// The engine's.
        let preview: @Sendable (Submission) async throws(EngineError) -> Preview
        let payments: @Sendable () -> PaymentDesk
    }

    /// - Parameters:
    ///   - pool: connections of the account API's role.
    ///   - reading: connections of the doors' role, planned for what is asked.
    ///   - owner: a connection that row-level security does not bind, for what is made in a customer's sandbox.
    init(
        _ all: Surroundings, pool: PostgresPool, reading: PostgresPool, owner: PostgresPool,
        limits: SignInLimits = SignInLimits(),
        proofs: ProofLimits = ProofLimits()
    ) {
        let (ids, random) = (all.ids, all.random)
        let proving = Proving(
            pool: pool, hasher: all.hasher, secrets: AuthenticatorSecrets(seal: all.seal),
            limiter: all.admission.limiter, clock: all.clock, limits: proofs)
        let answers = RememberedAnswers(all.seal)
        admission = all.admission
        catalogues = all.catalogues
        signIn = SignIn(proving: proving, sessions: all.admission.sessions, limits: limits)
        people = PeopleDesk(proving: proving, sessions: all.admission.sessions, ids: ids, random: random)
        keys = KeyDesk(
            proving: proving, live: IdempotentConnectionChange(pool: pool, answers: answers, ids: ids),
            sandbox: IdempotentConnectionChange(pool: owner, answers: answers, ids: ids),
            forms: all.keyForms, ids: ids, random: random)
        topUps = AccountTopUps(
            payments: all.payments,
            changes: IdempotentConnectionChange(pool: pool, answers: answers, ids: ids),
            ids: ids, clock: all.clock)
        books = AccountBooks(pool: reading)
        subscriptions = AccountSubscriptions(reading: reading, pool: pool, ids: ids)
        prices = CustomerPrices(pool: reading)
        previews = OrderPreviews(ids: ids, clock: all.clock, preview: all.preview)
    }
}
