public import Catalog
public import Primitives

/// Who is calling, once authenticated: one tenant, one dialect, one customer.
public struct Principal: Sendable, Hashable {
    /// How the caller proved it.
    public enum Kind: Sendable, Hashable {
        /// A long-lived key, with what it may do beyond its customer's usual rights.
        case apiKey(trials: Bool, scopes: [String])
        /// A person who signed in.
        case session(SessionRole)
    }

    public let tenant: TenantID
    public let dialect: DialectName
    public let customer: CustomerID
    /// The API key's id or the person's: what orders and idempotency keys are filed under.
    public let id: PrincipalID
    public let kind: Kind
    /// The key's own limit, in place of its dialect's default.
    public let rateLimit: RateLimit?

    public init(
        tenant: TenantID, dialect: DialectName, customer: CustomerID, id: PrincipalID, kind: Kind,
        rateLimit: RateLimit? = nil
    ) {
        self.tenant = tenant
        self.dialect = dialect
        self.customer = customer
        self.id = id
        self.kind = kind
        self.rateLimit = rateLimit
    }

    /// Whether this caller may take trials; only keys can be allowed to (contracts/gate.md §1).
    public var mayTakeTrials: Bool {
        switch kind {
        case .apiKey(let trials, _): trials
        case .session: false
        }
    }
}

/// What a person may do for the customer they sign in for.
public enum SessionRole: String, Sendable, Hashable, CaseIterable {
    case admin, editor, viewer
}
