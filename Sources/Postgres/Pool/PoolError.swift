/// Why a pool did not run a job; in each case nothing was sent to the server.
public enum PoolError: Error, Sendable {
    /// Too many jobs are waiting already.
    case overloaded
    /// The pool has been closed.
    case closed
    /// The server could not be reached for as long as a job may wait.
    case unavailable(underlying: any Error)

    /// Whether the same job may run later.
    public var isTransient: Bool {
        switch self {
        case .overloaded, .unavailable: true
        case .closed: false
        }
    }
}
