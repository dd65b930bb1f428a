internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives

/// What a command by hand did, as it is told and remembered under its key.
///
/// Nothing of it is secret, the journal has it in the clear: so it is remembered in the clear as well, and operators
/// need no key of the installation to repeat a command.
protocol AnswerByHand: Sendable {
    /// What the engine's rules said; an outcome of another command is a trap.
    init(_ outcome: Outcome)
    /// Reads what `json` has written; anything else is a fault of the stored row.
    init(remembered bytes: [UInt8]) throws
    var json: JSON { get }
    /// The same in words, of what has not happened.
    var foretold: [String] { get }
}

/// What a command by hand would come to; nothing has moved.
struct PreviewByHand<Told: AnswerByHand>: Sendable {
    /// The tenant's time that it was reckoned for: who names it with the command comes to the same figures.
    let at: Instant
    let answer: Told

    var json: JSON { ["preview": answer.json, "as_of": .string(at.rfc3339())] }

    var lines: [String] { answer.foretold + ["nothing has moved; --as-of \(at.rfc3339()) comes to the same"] }
}

/// A command that an operator gives for a customer, and what names it.
struct CommandByHand: Sendable {
    let tenant: TenantID
    let command: Command
    /// Of the subscriptions that it is about; `operator` where it is about none.
    var dialect = DialectName(rawValue: "operator")
    let key: IdempotencyKey?
    /// The same for the same request, whoever asks.
    let fingerprint: [UInt8]
}

extension OperatorWork {
    /// Whoever works on the command line: no key and no person has this id.
    static let principal = PrincipalID(bits: .zero)

    /// An amount as an operator wrote it, in the currency of whatever it is about.
    static func money(_ text: AmountText, in currency: Currency) throws -> Money {
        guard let money = text.money(in: currency) else { throw Refusal.amountUnreadable(text, currency) }
        return money
    }

    /// What a command would come to, decided within the transaction, which writes nothing.
    func foresee<Told: AnswerByHand>(
        _ hand: CommandByHand, _ transaction: Transaction
    ) throws -> PreviewByHand<Told> {
        var ledger = LedgerWork(seed: seed(), stock: SlotStock())
        let result = try ledger.preview(
            Submission(
                id: identifiers.next(at: transaction.realNow), tenant: hand.tenant,
                principal: Self.principal, dialect: hand.dialect, command: hand.command),
            on: transaction.connection, at: transaction.realNow)
        switch result {
        case .success(let preview): return PreviewByHand(at: preview.at, answer: Told(preview.outcome))
        case .failure(let refusal): throw Refusal.money(refusal)
        }
    }

    /// Carries a command out within the transaction, once under its key; then it answers as before.
    ///
    /// - Parameter id: what the command is called, and so its order, its entry and its event; `nil`: a new one.
    func carryOut<Told: AnswerByHand>(
        _ hand: CommandByHand, as id: CommandID? = nil, _ transaction: Transaction
    ) throws -> (answer: Told, isRepeated: Bool) {
        let submission = Submission(
            id: id ?? identifiers.next(at: transaction.realNow), tenant: hand.tenant,
            principal: Self.principal, dialect: hand.dialect, command: hand.command,
            idempotency: hand.key.map { key in
                IdempotencyClaim(key: key.text, fingerprint: hand.fingerprint) {
                    RememberedAnswer(status: 200, sealed: Told($0).json.encoded())
                }
            })
        var ledger = LedgerWork(seed: seed(), stock: SlotStock())
        let results = try ledger.carryOut(
            [submission], on: transaction.connection, at: transaction.realNow)
        switch results[0] {
        case .success(.done(let outcome)): return (Told(outcome), false)
        case .success(.replayed(let answer)): return (try Told(remembered: answer.sealed), true)
        case .failure(let refusal): throw Refusal.money(refusal)
        }
    }
}
