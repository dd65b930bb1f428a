internal import Crypto
internal import Foundation
internal import Postgres
internal import Primitives
internal import Provisioning

/// Carries a change out: the change, its record in the audit log and the answer to be remembered in one transaction.
struct AdminChanges: Sendable {
    private let changes: IdempotentConnectionChange
    private let fingerprintKey: SymmetricKey

    /// - Parameter changes: with connections of the role `tollgate_admin`.
    init(changes: IdempotentConnectionChange, installationKeys: InstallationKeys) {
        self.changes = changes
        fingerprintKey = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: installationKeys.newest.bytes),
            info: Data("tollgate admin fingerprints v1".utf8),
            outputByteCount: 32)
    }

    /// - Parameters:
    ///   - owner: whose rows are changed; under their number the change is recorded.
    ///   - body: what the request asks for.
    ///   - change: what it answers, and what is recorded of it: `nil` where nothing changed.
    /// - Throws: `IdempotencyRefusal`, what the change throws, and the database's faults.
    func run(
        _ call: AdminCall, on owner: TenantID, _ body: JSON,
        _ change: @escaping @Sendable (Transaction, CommandID) throws -> (JSON, AuditNote?)
    ) async throws -> AdminAnswer {
        do {
            return .raw(
                Self.response(
                    try await begin(call, on: owner, body) { transaction, command in
                        let (value, note) = try change(transaction, command)
                        guard let note else { throw NothingChanged(answer: value) }
                        return (value, note)
                    }, to: call))
        } catch let nothing as NothingChanged {
            return .raw(DialectResponse(call.endpoint, nothing.answer.encoded()))
        }
    }

    /// The same of a change that goes on elsewhere once this part of it is committed; whoever asks goes on with it again
    /// when the request is repeated.
    ///
    /// - Returns: what the change answered, now or when the request came first.
    func begin(
        _ call: AdminCall, on owner: TenantID, _ body: JSON,
        _ change: @escaping @Sendable (Transaction, CommandID) throws -> (JSON, AuditNote)
    ) async throws -> IdempotentConnectionChange.Answer {
        let (author, status) = (call.author, call.endpoint.status.code)
        return try await changes.run(
            tenant: owner, principal: call.actor.id, claim: try claim(call, body)
        ) { transaction, command in
            let (value, note) = try change(transaction, command)
            _ = try transaction.query(
                AuditStore.insert(note, by: author, owner, command, at: transaction.realNow))
            return (status, value.encoded())
        }
    }

    private static func response(
        _ answer: IdempotentConnectionChange.Answer, to call: AdminCall
    ) -> DialectResponse {
        var response = DialectResponse(call.endpoint, answer.body)
        if answer.isReplayed { response.headers[.idempotencyHit] = "true" }
        return response
    }

    /// Nothing was changed, so nothing is recorded, and there is no answer that a key would have to remember.
    private struct NothingChanged: Error {
        let answer: JSON
    }

    /// The key that names the request, with what it asks for: the same key for anything else is refused.
    ///
    /// Bodies carry passwords, so what is kept of them is worth nothing without the installation's key.
    private func claim(
        _ call: AdminCall, _ body: JSON
    ) throws(AdminProblem) -> IdempotentConnectionChange.Claim? {
        let request = call.request
        switch IdempotencyKey.header(of: request.headers) {
        case .absent: return nil
        case .malformed: throw AdminProblem(.invalidIdempotencyKey)
        case .present(let key):
            let plain = RequestFingerprint.of("admin \(request.method.rawValue) \(request.path)", body)
            let code = HMAC<SHA256>.authenticationCode(for: plain, using: fingerprintKey)
            return IdempotentConnectionChange.Claim(key: key, fingerprint: Array(code))
        }
    }
}
