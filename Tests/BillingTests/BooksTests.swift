import Primitives
import TestSupport
import Testing

@testable import Billing

/// The ledger's arithmetic alone: no database, thousands of entries.
@Suite("Books")
struct BooksTests {
    private let tenant = TenantID(1)
    private let usd = Currency.usd

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `whatever is posted or refused, value is neither made nor lost and no floor is crossed`(
        seed: UInt64
    ) throws {
        var random = SplitMix64(seed: seed)
        var ids = IdentifierSequence(seed: seed)
        let keys: [AccountKey] =
            [AccountRole.outside, .revenue, .adjustments].map { .own(tenant, $0, usd) }
            + (0..<5).map { _ in .wallet(tenant, ids.next(at: ManualClock.start), usd) }
        var books = Books(
            keys.map { key in
                Account(
                    id: ids.next(at: ManualClock.start), key: key, balance: 0,
                    floor: key.role == .wallet ? -500 : nil, postings: 0)
            })
        var refused = 0
        for _ in 0..<5_000 {
            let (debit, credit) = (keys.randomElement(using: &random)!, keys.randomElement(using: &random)!)
            guard debit != credit else { continue }
            let leg = Leg(
                debit: debit, credit: credit,
                amount: Money(minor: .random(in: 1...400, using: &random), currency: usd))
            let before = books.accounts.map(\.balance)
            do throws(Books.PostingRefusal) {
                try books.post([leg], of: ids.next(at: ManualClock.start), in: tenant)
            } catch {
                refused += 1
                #expect(
                    books.accounts.map(\.balance) == before,
                    "a refused entry changed the books (seed \(seed))")
            }
        }
        #expect(refused > 0)
        let debits = books.accounts.filter { $0.key.role.normalSide == .debit }.reduce(0) { $0 + $1.balance }
        let credits = books.accounts.filter { $0.key.role.normalSide == .credit }.reduce(0) {
            $0 + $1.balance
        }
        #expect(debits == credits)
        #expect(books.accounts.allSatisfy { $0.floor.map { floor in floor <= 0 } ?? true })
        for account in books.accounts where account.key.role == .wallet { #expect(account.balance >= -500) }
        checkStatements(books)
    }

    /// Every account's postings are numbered without a gap and each balance follows from the one before.
    private func checkStatements(_ books: Books) {
        for account in books.accounts {
            var balance: Int64 = 0
            var sequence: Int64 = 0
            for transfer in books.transfers {
                if transfer.debit == account.id {
                    sequence += 1
                    balance += account.key.role.normalSide == .debit ? transfer.amount : -transfer.amount
                    #expect(transfer.debitSequence == sequence && transfer.debitBalanceAfter == balance)
                } else if transfer.credit == account.id {
                    sequence += 1
                    balance += account.key.role.normalSide == .credit ? transfer.amount : -transfer.amount
                    #expect(transfer.creditSequence == sequence && transfer.creditBalanceAfter == balance)
                }
            }
            #expect(account.postings == sequence && account.balance == balance)
        }
    }

    @Test func `an account at the edge of Int64 refuses what would leave it`() throws {
        var ids = IdentifierSequence(seed: 1)
        let wallet = AccountKey.wallet(tenant, ids.next(at: ManualClock.start), usd)
        let outside = AccountKey.own(tenant, .outside, usd)
        var books = Books([
            Account(
                id: ids.next(at: ManualClock.start), key: wallet, balance: .max - 1, floor: 0, postings: 9),
            Account(id: ids.next(at: ManualClock.start), key: outside, balance: 0, floor: nil, postings: 0),
        ])
        let leg = Leg(debit: outside, credit: wallet, amount: Money(minor: 2, currency: usd))
        #expect(throws: Books.PostingRefusal.self) {
            try books.post([leg], of: ids.next(at: ManualClock.start), in: tenant)
        }
        #expect(books.transfers.isEmpty && books.changedAccounts.isEmpty)
    }

    @Test func `a coupon's uses that were given back are used again, the lowest first`() {
        #expect(CouponUses(ordinals: [], highest: 0).nextOrdinal(limited: true) == 1)
        #expect(CouponUses(ordinals: [1, 3], highest: 3).nextOrdinal(limited: true) == 2)
        #expect(CouponUses(ordinals: [1, 2], highest: 2).nextOrdinal(limited: true) == 3)
        #expect(CouponUses(ordinals: [], highest: 41).nextOrdinal(limited: false) == 42)
    }
}
