internal import Primitives

/// What the database says of a credential that is somebody's. Whether it is good is asked anew on every request, for
/// that hangs on the moment and on where the request comes from.
struct CredentialFacts: Sendable, Hashable {
    let principal: Principal
    /// Whether somebody has taken it back.
    var isRevoked = false
    var isCustomerActive = true
    /// Its own end.
    var expiresAt: Instant?
    /// Where it may be used from; `nil` is anywhere.
    var allowedSources: AllowList?

    /// Whether it is good for anybody, at some time, from somewhere.
    var isServed: Bool { !isRevoked && isCustomerActive }

    /// - Parameter address: where the request comes from, as a text; one that is no address is on no list.
    func verdict(at now: Instant, from address: String = "") -> CredentialVerdict {
        if isRevoked { return .refused(principal, .revoked) }
        if !isCustomerActive { return .refused(principal, .customerClosed) }
        if let expiresAt, expiresAt <= now { return .refused(principal, .expired) }
        if let allowedSources {
            guard let address = NetworkAddress(address), allowedSources.allows(address) else {
                return .refused(principal, .addressNotAllowed)
            }
        }
        return .good(principal)
    }
}

/// Whether a credential opens the door.
public enum CredentialVerdict: Sendable, Hashable {
    case good(Principal)
    /// It is this caller's and refused. To whoever shows it, that looks like `nobodys`; the account's log may tell.
    case refused(Principal, CredentialFlaw)
    case nobodys

    /// Who may come in.
    public var principal: Principal? {
        switch self {
        case .good(let principal): principal
        case .refused, .nobodys: nil
        }
    }
}

/// Why a credential that is somebody's is refused.
public enum CredentialFlaw: String, Sendable, Hashable, CaseIterable {
    case revoked
    case customerClosed = "customer_closed"
    case expired
    case addressNotAllowed = "address_not_allowed"
}
