internal import Billing
internal import Postgres
public import Primitives

extension Fault {
    /// What an error of the environment means: transient where the same request may succeed later, unchanged.
    public init(_ operation: String, _ error: any Error) {
        self.init(operation: operation, isTransient: Self.isTransient(error), underlying: error)
    }

    private static func isTransient(_ error: any Error) -> Bool {
        switch error {
        case let fault as Fault: fault.isTransient
        case let error as PostgresError: error.isTransient
        // A pool that has been closed belongs to a process that is stopping; another one will answer.
        case is PoolError: true
        default: false
        }
    }
}
