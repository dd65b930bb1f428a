internal import Postgres
internal import Primitives

/// A kind of a tenant's rows that is forgotten when it is old enough; a value says which row, and where a batch ended.
protocol OldRow: Sendable {
    /// What one of them is called.
    static var kind: String { get }
    /// How long it is kept, by its tenant's clock, in ms.
    static var keptMilliseconds: Int64 { get }
    /// Before all others.
    static var start: Self { get }

    /// A tenant's rows that are older than a moment, the oldest first, behind where the last batch ended.
    static func old(of tenant: TenantID, before: Instant, after cursor: Self, limit: Int) -> Statement
    static func read(_ result: ResultSet) throws -> [Self]
    /// Answers one row for each that was still there and old enough: one that was made anew since it was found is young.
    static func forget(_ rows: [Self], of tenant: TenantID, before: Instant) -> Statement
}

/// An idempotency key with its answer.
struct OldKey: OldRow {
    /// As text, for nobody is looked up by it.
    let principal: String
    let key: String
    let recordedAt: Instant

    static let kind = "key"
    static let keptMilliseconds: Int64 = 30 * 86_400_000
    static let start = OldKey(
        principal: "00000000-0000-0000-0000-000000000000", key: "", recordedAt: Instant(milliseconds: -1))
}

/// The failed attempts to renew a subscription for one period.
struct OldAttempt: OldRow {
    let subscription: SubscriptionID
    let period: Int32
    let lastAt: Instant

    static let kind = "renewal attempt"
    /// A year and what somebody needs to ask about it.
    static let keptMilliseconds: Int64 = 400 * 86_400_000
    static let start = OldAttempt(
        subscription: SubscriptionID(bits: .zero), period: -1, lastAt: Instant(milliseconds: -1))
}
