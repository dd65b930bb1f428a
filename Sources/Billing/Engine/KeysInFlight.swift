internal import Primitives
internal import Synchronization

/// The Idempotency-Keys whose first request is still being carried out in this process.
///
/// Another process' are seen when its group commits: the key's row is unique, and accounts are locked before keys are
/// read.
package final class KeysInFlight: Sendable {
    private let names = Mutex<Set<TenantKey<IdempotencyName>>>([])

    package init() {}

    /// Whether the submission may go on: false where its key is in flight already.
    package func enter(_ submission: Submission) -> Bool {
        guard let name = name(of: submission) else { return true }
        return names.withLock { $0.insert(name).inserted }
    }

    package func leave(_ submission: Submission) {
        guard let name = name(of: submission) else { return }
        names.withLock { _ = $0.remove(name) }
    }

    private func name(of submission: Submission) -> TenantKey<IdempotencyName>? {
        guard let claim = submission.idempotency, let principal = submission.principal else { return nil }
        return TenantKey(
            tenant: submission.tenant, name: IdempotencyName(principal: principal, key: claim.key))
    }
}
