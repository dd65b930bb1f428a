public import Postgres
public import Primitives

/// The money path inside somebody else's transaction, for work whose money must stand or fall with other rows: a
/// catalogue file with its opening balances. Decisions and rows are the engine's own.
public struct LedgerWork {
    private var ids: IdentifierSequence
    private let stock: any Stock

    public init(seed: UInt64, stock: any Stock) {
        ids = IdentifierSequence(seed: seed)
        self.stock = stock
    }

    /// Carries the commands out on a connection that is in a transaction; nothing counts before the caller commits.
    ///
    /// - Parameter now: the real clock's; each tenant's commands happen by the tenant's own.
    /// - Throws: `PostgresError`; a refusal is a result, in the order of the submissions.
    public mutating func carryOut(
        _ submissions: [Submission], on connection: Connection, at now: Instant
    ) throws -> [Result<Answer, Refusal>] {
        var clocks = TenantClocks()
        var results: [Int: Result<Answer, Refusal>] = [:]
        var waiting = submissions.isEmpty ? [] : [Array(submissions.indices)]
        while let part = waiting.popLast() {
            var run = GroupRun(
                submissions: part.map { submissions[$0] }, connection: connection, stock: stock, ids: ids,
                now: now, aheadMilliseconds: clocks.ahead(of: submissions[part[0]].tenant))
            do {
                let decisions = try run.carryOutWithinTransaction()
                ids = run.ids
                for (place, decision) in zip(part, decisions) { results[place] = try Self.result(decision) }
            } catch let difference as ClocksDiffer {
                clocks.learn(difference)
                waiting += clocks.parts(of: part) { submissions[$0].tenant }.reversed()
            }
        }
        return submissions.indices.map { place in
            guard let result = results[place] else { preconditionFailure("a command was not carried out") }
            return result
        }
    }

    /// What a command would come to; nothing is written, but what it names is locked until the transaction ends.
    ///
    /// - Parameter now: the real clock's.
    /// - Throws: `PostgresError`; a refusal is a result.
    public mutating func preview(
        _ submission: Submission, on connection: Connection, at now: Instant
    ) throws -> Result<Preview, Refusal> {
        var clocks = TenantClocks()
        while true {
            var run = GroupRun(
                submissions: [submission.foreseen], connection: connection, stock: stock, ids: ids, now: now,
                aheadMilliseconds: clocks.ahead(of: submission.tenant))
            do {
                let decision = try run.foreseeWithinTransaction()[0]
                return try Self.result(decision).map { answer in
                    guard case .done(let outcome) = answer else {
                        preconditionFailure("a preview has no key, so nothing was replayed")
                    }
                    return Preview(at: run.time.now, outcome: outcome.withoutCredentials)
                }
            } catch let difference as ClocksDiffer {
                clocks.learn(difference)
            }
        }
    }

    private static func result(_ decision: Decision) throws -> Result<Answer, Refusal> {
        switch decision {
        case .answered(let answer): .success(answer)
        case .refused(let refusal): .failure(refusal)
        case .failed(let fault): throw fault
        }
    }

    /// Locks every account that the work will touch, in the engine's order: call it before the first of the others.
    ///
    /// An account that does not exist yet is nobody else's to lock either.
    public func lock(
        tenants: [TenantID], wallets: [(tenant: TenantID, customer: CustomerID)], on connection: Connection
    ) throws {
        // Who is topped up may owe something.
        var names = Set(
            wallets.flatMap { wallet in
                [AccountRole.wallet, .receivable].map {
                    GroupKeys.AccountName(tenant: wallet.tenant, owner: wallet.customer.bits, role: $0)
                }
            })
        for tenant in Set(tenants + wallets.map(\.tenant)) {
            for role in AccountRole.allCases where !role.isPerCustomer {
                names.insert(GroupKeys.AccountName(tenant: tenant, owner: .zero, role: role))
            }
        }
        guard !names.isEmpty else { return }
        _ = try connection.query(AccountStore.locking(names))
    }

    /// Opens a tenant's own accounts in its currency; sets the float's floor where they exist.
    ///
    /// - Parameter wholesaleCreditLimit: how far below zero the float may go; the platform's risk.
    public mutating func openTenant(
        _ tenant: TenantID, currency: Currency, wholesaleCreditLimit: Money, on connection: Connection,
        at now: Instant
    ) throws {
        precondition(wholesaleCreditLimit.currency == currency, "a credit limit is in the account's currency")
        let accounts = AccountRole.allCases.filter(\.comesWithItsTenant).map { role in
            Account(
                id: ids.next(at: now), key: .own(tenant, role, currency), balance: 0,
                floor: role == .float ? -wholesaleCreditLimit.minor : nil, postings: 0)
        }
        _ = try connection.query(AccountStore.opening(accounts, at: now))
    }

    /// Opens a customer's wallet in a currency; sets its floor where it exists.
    ///
    /// - Parameter creditLimit: how far below zero the wallet may go, in the wallet's currency.
    public mutating func openWallet(
        of customer: CustomerID, in tenant: TenantID, creditLimit: Money, on connection: Connection,
        at now: Instant
    ) throws {
        let wallet = Account(
            id: ids.next(at: now), key: .wallet(tenant, customer, creditLimit.currency), balance: 0,
            floor: -creditLimit.minor, postings: 0)
        _ = try connection.query(AccountStore.opening([wallet], at: now))
    }
}
