package import Billing
package import Primitives

/// A thing of one tenant by its number: the second customer of the first tenant.
package struct Name: Hashable, Sendable, Comparable {
    package var tenant: Int
    package var number: Int

    package static func < (left: Name, right: Name) -> Bool {
        (left.tenant, left.number) < (right.tenant, right.number)
    }
}

/// A subscription by the request that bought it and its place among what that request bought.
package struct SubscriptionName: Hashable, Sendable, Comparable {
    package var order: Int
    package var index: Int

    package static func < (left: SubscriptionName, right: SubscriptionName) -> Bool {
        (left.order, left.index) < (right.order, right.index)
    }
}

/// One command as a script asks it: numbers instead of ids.
package struct Request: Equatable, Sendable {
    package var number: Int
    package var tenant: Int
    package var door = "gate"
    /// Who asks; a request without a principal has no use for a key.
    package var by: Int?
    /// The Idempotency-Key.
    package var key: Int?
    /// Stands for the request's bytes: two requests of one key are the same where their bodies are.
    package var body = 0
    /// The answer to it cannot be made.
    package var isBroken = false
    package var action: Action
}

/// What is asked. An order or subscription that nobody was told of yet is asked for as one that does not exist.
package enum Action: Equatable, Sendable {
    case purchase(Purchase)
    case trial(customer: Int, plan: Int)
    case renewal(Renewal)
    case topUp(customer: Int, amount: Money, reference: Int)
    case floatTopUp(amount: Money, reference: Int)
    case refund(customer: Int, order: Int, amount: Money?, keepsService: Bool)
    case cancellation(Cancellation)
    case planChange(PlanChange)
    case adjustment(customer: Int, amount: Money, reference: Int?)

    package struct PlanChange: Equatable, Sendable {
        package var customer: Int
        package var subscription: SubscriptionName
        package var plan: Int
        /// What is chosen of the plan's exits.
        package var country: String?
        package var rotation: String?
        package var expected: Money?
    }

    package struct Cancellation: Equatable, Sendable {
        package var customer: Int
        package var subscription: SubscriptionName
        package var way: Billing.Cancellation.Way
        package var keepsMoney = false
        package var expected: Money?
    }

    package struct Purchase: Equatable, Sendable {
        package var customer: Int
        package var plan: Int
        /// Where the door believes that the plan takes its slots from; empty: it knows no such plan.
        package var networks: [Int] = []
        /// What is chosen of the plan's exits.
        package var country: String?
        package var rotation: String?
        package var quantity: Int64 = 1
        package var repeats: Int64 = 1
        package var coupon: Int?
        package var expected: Money?
    }

    package struct Renewal: Equatable, Sendable {
        package var customer: Int
        package var subscription: SubscriptionName
        package var plan: Int
        package var repeats: Int64 = 1
        package var coupon: Int?
        package var expected: Money?
    }
}
