// Every kind of id. A subject is never made: it is a name for the compiler.

public enum APIKeySubject {}
public enum AccountSubject {}
public enum AdminKeySubject {}
public enum CommandSubject {}
public enum CouponSubject {}
public enum CustomerGroupSubject {}
public enum CustomerSubject {}
public enum GatewaySubject {}
public enum JournalEntrySubject {}
public enum LoggedRequestSubject {}
public enum NetworkSubject {}
public enum OrderSubject {}
public enum PaymentReversalSubject {}
public enum PaymentSubject {}
public enum PlanSubject {}
public enum PrincipalSubject {}
public enum SlotSubject {}
public enum StaffSubject {}
public enum SubscriptionSubject {}
public enum UserSubject {}

public typealias APIKeyID = Identifier<APIKeySubject>
public typealias AccountID = Identifier<AccountSubject>
/// A key with which a machine works at the admin API.
public typealias AdminKeyID = Identifier<AdminKeySubject>
/// A command's id; the order and the journal entry that it causes carry the same bits.
public typealias CommandID = Identifier<CommandSubject>
public typealias CouponID = Identifier<CouponSubject>
/// A group of customers with its own price list.
public typealias CustomerGroupID = Identifier<CustomerGroupSubject>
public typealias CustomerID = Identifier<CustomerSubject>
public typealias GatewayID = Identifier<GatewaySubject>
public typealias JournalEntryID = Identifier<JournalEntrySubject>
/// An entry of an account's request log; its time is the entry's.
public typealias LoggedRequestID = Identifier<LoggedRequestSubject>
public typealias NetworkID = Identifier<NetworkSubject>
public typealias OrderID = Identifier<OrderSubject>
/// Money that a payment provider is asked to collect, by our own name.
public typealias PaymentID = Identifier<PaymentSubject>
/// What goes back of a payment: a refund, a chargeback.
public typealias PaymentReversalID = Identifier<PaymentReversalSubject>
public typealias PlanID = Identifier<PlanSubject>
/// Who asked: an API key or a person who signed in.
public typealias PrincipalID = Identifier<PrincipalSubject>
public typealias SlotID = Identifier<SlotSubject>
/// A person who works for the platform or for a tenant.
public typealias StaffID = Identifier<StaffSubject>
public typealias SubscriptionID = Identifier<SubscriptionSubject>
public typealias UserID = Identifier<UserSubject>

/// A tenant's number: the first column of every key.
public struct TenantID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var number: Int64

    public init(_ number: Int64) {
        self.number = number
    }

    public static func < (left: TenantID, right: TenantID) -> Bool { left.number < right.number }
    public var description: String { String(number) }
}
