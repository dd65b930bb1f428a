internal import Primitives
internal import Synchronization

/// Where a preview that waits for a lane learns for which moment it was reckoned.
final class Foresight: Sendable {
    private let moment = Mutex<Instant?>(nil)

    func note(_ now: Instant) {
        moment.withLock { $0 = now }
    }

    var at: Instant? { moment.withLock { $0 } }
}

extension Submission {
    /// Asked for its figures alone: no answer is made of them, and no key remembers one.
    var foreseen: Submission {
        Submission(id: id, tenant: tenant, principal: principal, dialect: dialect, command: command)
    }
}
