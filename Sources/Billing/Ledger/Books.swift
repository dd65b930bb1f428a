internal import Primitives

/// The accounts that a group has locked, and what its decisions post on them.
///
/// Balances are summed here and written once per account, however many commands of the group touch it.
package struct Books: Sendable {
    package private(set) var accounts: [Account] = []
    package private(set) var transfers: [Transfer] = []
    private var places: [AccountKey: Int] = [:]
    private var changed: Set<Int> = []

    /// Why an entry cannot be posted; nothing has been.
    enum PostingRefusal: Error {
        case accountMissing(AccountKey)
        case belowFloor(AccountKey)
        case overflow
    }

    package init(_ accounts: [Account]) {
        self.accounts = accounts
        places.reserveCapacity(accounts.count)
        for (place, account) in accounts.enumerated() { places[account.key] = place }
    }

    func account(_ key: AccountKey) -> Account? {
        places[key].map { accounts[$0] }
    }

    /// Takes in an account that was not there when the group was locked; it is empty.
    mutating func open(_ account: Account) {
        precondition(places[account.key] == nil, "an account is opened once")
        places[account.key] = accounts.count
        accounts.append(account)
    }

    /// What the account can give before it meets its floor; `nil` where it has none.
    func available(_ key: AccountKey) -> Int64? {
        guard let account = account(key), let floor = account.floor else { return nil }
        let (available, overflow) = account.balance.subtractingReportingOverflow(floor)
        return overflow ? Int64.max : available
    }

    /// Whether all legs of an entry can be posted; the legs of one entry touch each account once.
    func check(_ legs: [Leg]) throws(PostingRefusal) {
        _ = try sides(of: legs)
    }

    /// What an account would hold after each of these entries, posted one after the other; nothing is posted.
    func balances(of key: AccountKey, after entries: [[Leg]]) throws(PostingRefusal) -> [Int64] {
        guard let place = places[key] else { throw .accountMissing(key) }
        var held: [Int: Int64] = [:]
        var balances: [Int64] = []
        for legs in entries {
            for leg in legs {
                let debit = try side(leg.debit, leg.amount, .debit, held)
                held[debit.place] = debit.after
                let credit = try side(leg.credit, leg.amount, .credit, held)
                held[credit.place] = credit.after
            }
            balances.append(held[place] ?? accounts[place].balance)
        }
        return balances
    }

    /// Posts all legs of an entry, or none.
    mutating func post(_ legs: [Leg], of entry: JournalEntryID, in tenant: TenantID) throws(PostingRefusal) {
        let sides = try sides(of: legs)
        for (line, leg) in legs.enumerated() {
            let debit = apply(sides[2 * line])
            let credit = apply(sides[2 * line + 1])
            transfers.append(
                Transfer(
                    tenant: tenant, entry: entry, line: Int16(line), debit: debit.id, credit: credit.id,
                    currency: leg.debit.currency, amount: leg.amount, debitSequence: debit.postings,
                    creditSequence: credit.postings, debitBalanceAfter: debit.balance,
                    creditBalanceAfter: credit.balance))
        }
    }

    /// The accounts whose balance changed, in the order in which they were locked.
    package var changedAccounts: [Account] {
        changed.sorted().map { accounts[$0] }
    }

    private func sides(of legs: [Leg]) throws(PostingRefusal) -> [(place: Int, after: Int64)] {
        var sides: [(place: Int, after: Int64)] = []
        sides.reserveCapacity(2 * legs.count)
        for leg in legs {
            sides.append(try side(leg.debit, leg.amount, .debit))
            sides.append(try side(leg.credit, leg.amount, .credit))
        }
        return sides
    }

    /// - Parameter held: balances that stand for those of the accounts themselves.
    private func side(
        _ key: AccountKey, _ amount: Int64, _ side: Side, _ held: [Int: Int64] = [:]
    ) throws(PostingRefusal) -> (
        place: Int, after: Int64
    ) {
        guard let place = places[key] else { throw .accountMissing(key) }
        var account = accounts[place]
        if let balance = held[place] { account.balance = balance }
        let floor = account.floor
        let takes = side != key.role.normalSide
        guard let after = account.balance(after: amount, on: side) else {
            // What an account with a floor cannot give is short of it, however much was asked.
            throw floor != nil && takes ? .belowFloor(key) : .overflow
        }
        // A floor stops what takes value away; what adds to an account below its floor is welcome.
        if let floor, takes, after < floor { throw .belowFloor(key) }
        return (place, after)
    }

    private mutating func apply(_ side: (place: Int, after: Int64)) -> Account {
        accounts[side.place].balance = side.after
        accounts[side.place].postings += 1
        changed.insert(side.place)
        return accounts[side.place]
    }
}
