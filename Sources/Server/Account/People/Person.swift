internal import Primitives

/// Somebody who signs in for a customer, with all that proving it needs.
struct Person: Sendable {
    let id: UserID
    let customer: CustomerID
    let username: String
    let email: String
    let role: SessionRole
    let passwordHash: String
    /// Of the sessions that are good.
    let sessionVersion: Int32
    /// Whether both the person and the customer are active.
    let isServed: Bool
    let authenticator: Authenticator

    /// How far a person has got with one-time codes; secrets are sealed.
    enum Authenticator: Sendable {
        case none
        /// Shown, and not yet answered with a code: sign-in does not ask for one.
        case awaiting(secret: [UInt8])
        case on(secret: [UInt8], last: OneTimeStep, since: Instant)

        var isOn: Bool {
            switch self {
            case .none, .awaiting: false
            case .on: true
            }
        }
    }
}
