internal import Primitives

/// A customer, as staff see them; what they have on their wallet is a thing of its own, which changes by itself.
struct AdminCustomer: Sendable, Hashable {
    let id: CustomerID
    let email: String
    var username: String
    let currency: Currency
    /// The code of the group by whose price list they buy; `nil`: everybody's prices.
    var group: String?
    var isActive: Bool
    let createdAt: Instant

    var json: JSON {
        [
            "id": .string(id.description), "email": .string(email), "username": .string(username),
            "currency": .string(currency.code), "group": group.map { .string($0) } ?? .null,
            "active": .bool(isActive),
            "created_at": .string(createdAt.rfc3339()),
        ]
    }
}

/// Which customers are asked for.
struct AdminCustomerFilter: Sendable, Hashable {
    var email: String?
    var username: String?
    /// Its code.
    var group: String?
    var isActive: Bool?
    /// Where the page begins: before this one, for the newest come first.
    var before: CustomerID?
}

/// A customer's wallet and how far below zero it may go.
struct AdminWallet: Sendable, Hashable {
    let balance: Money
    let creditLimit: Money
    /// What the customer owes since a bank took a payment back.
    let owed: Money

    /// What can be spent; a sum past Int64 is as much as can be written.
    var available: Money {
        let (sum, overflow) = balance.minor.addingReportingOverflow(creditLimit.minor)
        return Money(minor: overflow ? .max : sum, currency: balance.currency)
    }

    var json: JSON {
        [
            "balance": .string(balance.description), "credit_limit": .string(creditLimit.description),
            "available": .string(available.description), "owed": .string(owed.description),
        ]
    }

    /// The part that does not change by itself.
    var limitJSON: JSON { ["credit_limit": .string(creditLimit.description)] }
}
