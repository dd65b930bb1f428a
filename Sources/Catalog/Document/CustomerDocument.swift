public import Primitives

/// What a file says of one customer.
public struct CustomerDocument: Sendable {
    public let mark: SourceMark
    /// In lower case.
    public let email: String
    public let username: String
    /// An opening top-up, posted once.
    public internal(set) var balance: Located<Money>?
    /// How far the wallet may go below zero.
    public let creditLimit: Located<Money>
    /// Whose price list they buy by.
    public let group: GroupChoice
    public internal(set) var keys: [KeyDocument]
    /// Whether there is a list of keys at all: without one, pruning leaves the customer's keys alone.
    public let listsKeys: Bool
    public internal(set) var users: [UserDocument]
    /// Whether there is a list of people at all.
    public internal(set) var listsUsers: Bool
    public let isActive: Bool
}

/// What a file says of the group that a customer is in.
public enum GroupChoice: Sendable, Hashable {
    /// Nothing: they stay in the one that they are in.
    case unsaid
    case none
    case named(Located<String>)
}

/// What a file says of one API key.
public struct KeyDocument: Sendable {
    public let mark: SourceMark
    public let dialect: DialectName
    /// The key in clear; `nil` has one made and printed once.
    public let key: Located<String>?
    /// Whose it is: the customer's, or their double's in the sandbox.
    public let environment: KeyEnvironment
    public let mayTakeTrials: Bool
    public let scopes: [String]
    /// `120/1m` or `off`; `nil` leaves the dialect's own.
    public let rateLimit: String?
    /// `nil` is for ever.
    public let expiresAt: Instant?
    /// Where it may be used from; `nil` is anywhere.
    public let allowedSources: AllowList?
    /// A key that is not active is revoked.
    public let isActive: Bool
}

/// What a file says of a person who signs in for a customer.
public struct UserDocument: Sendable {
    public let mark: SourceMark
    public let username: String
    /// In lower case.
    public let email: String
    public let password: String
    public let role: String
    public let isActive: Bool
}
