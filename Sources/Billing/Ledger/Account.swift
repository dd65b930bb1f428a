package import Primitives

/// What names an account: whose it is, what it is for, in which currency.
package struct AccountKey: Hashable, Comparable, Sendable {
    package let tenant: TenantID
    /// A customer's id, or zero for the tenant's and the platform's own.
    package let owner: IdentifierBits
    package let role: AccountRole
    package let currency: Currency

    package static func wallet(_ tenant: TenantID, _ customer: CustomerID, _ currency: Currency) -> AccountKey
    {
        AccountKey(tenant: tenant, owner: customer.bits, role: .wallet, currency: currency)
    }

    package static func own(_ tenant: TenantID, _ role: AccountRole, _ currency: Currency) -> AccountKey {
        AccountKey(tenant: tenant, owner: .zero, role: role, currency: currency)
    }

    package static func < (left: AccountKey, right: AccountKey) -> Bool {
        if left.tenant != right.tenant { return left.tenant < right.tenant }
        if left.owner != right.owner { return left.owner < right.owner }
        if left.role != right.role { return left.role < right.role }
        return left.currency < right.currency
    }
}

/// A named place value can be, as it is under the group's lock.
package struct Account: Sendable {
    package let id: AccountID
    package let key: AccountKey
    /// On the account's normal side.
    package var balance: Int64
    /// The least the balance may be; `nil` where there is no bound.
    package let floor: Int64?
    /// How many postings the account has: the number of the last one.
    package var postings: Int64

    package init(id: AccountID, key: AccountKey, balance: Int64, floor: Int64?, postings: Int64) {
        self.id = id
        self.key = key
        self.balance = balance
        self.floor = floor
        self.postings = postings
    }

    /// The balance after a posting of `amount` on `side`; `nil` where it leaves Int64.
    func balance(after amount: Int64, on side: Side) -> Int64? {
        let (balance, overflow) =
            side == key.role.normalSide
            ? balance.addingReportingOverflow(amount) : balance.subtractingReportingOverflow(amount)
        return overflow ? nil : balance
    }
}
