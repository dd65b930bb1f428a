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
    }

    private let written = Mutex<Entry?>(nil)

    /// `nil` where nobody found out.
    public var entry: Entry? { written.withLock { $0 } }

    public func write(_ principal: Principal) { write(principal.customer, principal.id) }

    public func write(_ customer: CustomerID, _ principal: PrincipalID?) {
        written.withLock { $0 = Entry(customer: customer, principal: principal) }
    }
}
