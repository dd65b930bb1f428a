internal import Primitives

/// What a person or a key may do with the books; which operations that is, each of them says itself (`AdminPermission`).
enum StaffRole: String, Sendable, Hashable, CaseIterable {
    /// Everything, people and keys included.
    case owner
    /// What is sold, where and for how much.
    case catalogue
    /// The people who buy, and what they hold.
    case support
    /// Money: balances, credits, refunds, exports.
    case finance
    /// Looks at everything and changes nothing.
    case readOnly = "read_only"
}

extension TenantID {
    /// What staff, keys and records of the platform itself are filed under: no tenant's number.
    static let platform = TenantID(0)
}

/// Whose books somebody works with.
enum StaffScope: Sendable, Hashable {
    /// Everybody's.
    case platform
    /// One tenant's, and its sandbox's.
    case tenant(TenantID)

    /// - Parameter number: as rows are filed.
    init(_ number: TenantID) {
        self = number == .platform ? .platform : .tenant(number)
    }

    /// What rows are filed under.
    var number: TenantID {
        switch self {
        case .platform: .platform
        case .tenant(let tenant): tenant
        }
    }
}

/// Who works with the books in one request, once authenticated.
struct StaffActor: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable {
        case person, key
    }

    let kind: Kind
    let scope: StaffScope
    let role: StaffRole
    /// The person's id or the key's: what idempotency keys are filed under.
    let id: PrincipalID
    /// The person's e-mail address, or the key's name.
    let name: String
}
