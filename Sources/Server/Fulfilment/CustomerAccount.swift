public import Primitives

/// A customer as they see themselves: who they are and what they can spend.
public struct CustomerAccount: Sendable, Hashable {
    public var username: String
    public var email: String
    /// Of the wallet; below zero where credit was used.
    public var balance: Money
}
