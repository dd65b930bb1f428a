public import Primitives
internal import Synchronization

/// Where it is written down whose a request turned out to be, for whoever handed the request on.
///
/// Admission writes it, so that no dialect has to remember to; a dialect writes it itself only where it lets somebody in
/// without a credential.
public final class CallerNote: Sendable {
    /// Whose request it was.
    public struct Entry: Sendable, Hashable {
        public let customer: CustomerID
        /// The API key's id or the person's; `nil` where a link was enough.
        public let principal: PrincipalID?
        /// The API key, where it was one and opened the door.
        public let key: APIKeyID?
    }

    private let written = Mutex<Entry?>(nil)

    public init() {}

    /// `nil` where nobody found out.
    public var entry: Entry? { written.withLock { $0 } }

    /// Somebody who was let in.
    public func write(_ principal: Principal) {
        switch principal.kind {
        case .apiKey: write(principal.customer, principal.id, key: principal.id.retyped())
        case .session: write(principal.customer, principal.id)
        }
    }

    /// Somebody else than a caller with a good credential: `key` stays `nil` for one that was refused.
    public func write(_ customer: CustomerID, _ principal: PrincipalID?, key: APIKeyID? = nil) {
        written.withLock { $0 = Entry(customer: customer, principal: principal, key: key) }
    }
}
