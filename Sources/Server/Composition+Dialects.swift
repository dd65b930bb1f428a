internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives
internal import Provisioning

/// What the vendors' dialects have in common: the same customers, catalogue, holdings and engine behind every door.
struct DialectParts {
    let admission: Admission
    let catalogues: CatalogueCache
    let holdings: Holdings
    let changes: ConnectionChanges
    let desk: OrderDesk
    let answered: AnsweredRequests
    let history: RequestHistory

    /// - Parameter onSlotsChanged: called after everything that gives the workers something to do.
    init(
        _ installation: Installation, _ engine: Engine, _ catalogues: CatalogueCache, _ admission: Admission,
        _ seal: Seal, onSlotsChanged: @escaping @Sendable () -> Void
    ) {
        let (pool, ids) = (installation.doors, installation.identifiers)
        let credentialSeal = CredentialSeal(seal)
        let answers = RememberedAnswers(seal)
        self.admission = admission
        self.catalogues = catalogues
        holdings = Holdings(pool: pool, seal: credentialSeal)
        changes = ConnectionChanges(
            changes: IdempotentConnectionChange(pool: pool, answers: answers, ids: ids),
            connections: Provisioning.Connections(seal: credentialSeal, random: installation.random),
            pool: pool, seal: credentialSeal, onSlotsChanged: onSlotsChanged)
        desk = OrderDesk(
            engine: engine, catalogues: catalogues, seal: seal, ids: ids, onSlotsChanged: onSlotsChanged)
        answered = AnsweredRequests(pool: pool, answers: answers)
        history = RequestHistory(pool: pool)
    }
}

extension Installation {
    /// What the keys of the dialects that are served look like.
    var keyForms: [DialectName: KeyForm] {
        [Gate.name: Gate.keyForm, OPProxy.name: OPProxy.keyForm]
    }

    /// Money from outside: what the doors, the admin API, the command line and the jobs have in common.
    func makePaymentDesk(_ engine: Engine, _ seal: Seal) -> PaymentDesk {
        PaymentDesk(
            engine: engine, pool: doors, providers: .stored(in: doors, seal), ids: identifiers, clock: clock,
            logger: logger)
    }

    /// Every vendor's dialect that is served.
    func makeDialects(_ parts: DialectParts, installationKeys: InstallationKeys) -> [any Dialect] {
        [
            Gate(
                admission: parts.admission, catalogues: parts.catalogues, holdings: parts.holdings,
                changes: parts.changes, desk: parts.desk, installationKeys: installationKeys.all.map(\.bytes),
                logger: logger),
            OPProxy(
                admission: parts.admission, catalogues: parts.catalogues, holdings: parts.holdings,
                changes: parts.changes, desk: parts.desk, answered: parts.answered,
                history: parts.history, logger: logger),
        ]
    }
}
