public import Billing
internal import Catalog
public import Primitives
public import Provisioning
internal import Synchronization

/// Hands a door's orders to the engine and gives back the bytes to answer.
///
/// The answer is made between decision and commit: nobody is charged for one that cannot be given. Under an
/// Idempotency-Key it is sealed and stored with the commit itself, so that a repeat gives the same bytes; without one
/// nothing is remembered.
public struct OrderDesk: Sendable {
    private let engine: Engine
    private let catalogues: CatalogueCache
    private let answers: RememberedAnswers
    private let seal: CredentialSeal
    private let ids: any IdentifierSource
    private let onSlotsChanged: @Sendable () -> Void

    /// - Parameters:
    ///   - seal: seals remembered answers and opens slots' credentials.
    ///   - onSlotsChanged: called after every order that gives the workers something to do.
    public init(
        engine: Engine, catalogues: CatalogueCache, seal: Seal, ids: any IdentifierSource,
        onSlotsChanged: @escaping @Sendable () -> Void = {}
    ) {
        self.engine = engine
        self.catalogues = catalogues
        answers = RememberedAnswers(seal)
        self.seal = CredentialSeal(seal)
        self.ids = ids
        self.onSlotsChanged = onSlotsChanged
    }

    /// Who orders what, and how it is answered.
    public struct Order: Sendable {
        let command: Command
        let principal: Principal
        let claim: IdempotentConnectionChange.Claim?
        let at: Instant
        let render: @Sendable (Outcome, Delivery) throws -> [UInt8]

        /// - Parameters:
        ///   - now: the real clock's, for the command's id; the engine knows the tenant's.
        ///   - render: makes the answer's body; runs again with every attempt, so it must not wait.
        public init(
            _ command: Command, by principal: Principal, claim: IdempotentConnectionChange.Claim?,
            at now: Instant, render: @escaping @Sendable (Outcome, Delivery) throws -> [UInt8]
        ) {
            self.command = command
            self.principal = principal
            self.claim = claim
            at = now
            self.render = render
        }
    }

    /// Has the engine carry an order out.
    /// - Parameter catalogue: the one that the door looked into.
    /// - Throws: `EngineError`; whatever reading a newer catalogue or opening a remembered answer failed with.
    public func place(
        _ order: Order, with catalogue: TenantCatalogue
    ) async throws -> IdempotentConnectionChange.Answer {
        let id: CommandID = ids.next(at: order.at)
        do {
            return try await submit(order, id, catalogue)
        } catch let error as EngineError {
            guard case .unavailable(let fault) = error, fault.underlying is CatalogueOutdated else {
                throw error
            }
            // A slot of a gateway that is newer than the snapshot. Nothing was written, so the command may go again.
            return try await submit(
                order, id, try await catalogues.refreshedCatalogue(of: order.principal.tenant))
        }
    }

    private func submit(
        _ order: Order, _ id: CommandID, _ catalogue: TenantCatalogue
    ) async throws -> IdempotentConnectionChange.Answer {
        let delivery = Delivery(catalogue: catalogue, seal: seal)
        let prepared = PreparedAnswer()
        let principal = order.principal
        let submission = Submission(
            id: id, tenant: principal.tenant, principal: principal.id, dialect: principal.dialect,
            command: order.command, idempotency: order.claim.map { remembering($0, principal, prepared) },
            prepare: { outcome in prepared.put(try order.render(outcome, delivery)) })
        switch try await engine.submit(submission) {
        case .done:
            onSlotsChanged()
            return IdempotentConnectionChange.Answer(status: 200, body: prepared.body, isReplayed: false)
        case .replayed(let answer):
            guard let claim = order.claim else {
                preconditionFailure("an answer was replayed that nobody asked for")
            }
            let body = try answers.body(
                of: answer, tenant: principal.tenant, principal: principal.id, key: claim.key)
            return IdempotentConnectionChange.Answer(
                status: Int(answer.status), body: body, isReplayed: true)
        }
    }

    private func remembering(
        _ claim: IdempotentConnectionChange.Claim, _ principal: Principal, _ prepared: PreparedAnswer
    ) -> IdempotencyClaim {
        IdempotencyClaim(key: claim.key.text, fingerprint: claim.fingerprint) { [answers] _ in
            answers.remember(
                status: 200, body: prepared.body, tenant: principal.tenant, principal: principal.id,
                key: claim.key)
        }
    }
}

/// The bytes of an answer that the engine had made between decision and commit; the last attempt's count.
private final class PreparedAnswer: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var body: [UInt8] { bytes.withLock { $0 } }

    func put(_ body: [UInt8]) {
        bytes.withLock { $0 = body }
    }
}
