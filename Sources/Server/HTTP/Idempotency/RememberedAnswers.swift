public import Billing
public import Primitives
public import Provisioning

/// Seals answers for storage and opens them for whoever repeats the request: answers carry credentials.
public struct RememberedAnswers: Sendable {
    private let seal: Seal

    public init(_ seal: Seal) {
        self.seal = seal
    }

    /// An answer as the engine or a connection change stores it; it opens only under the same tenant, caller
    /// and key.
    public func remember(
        status: Int, body: [UInt8], tenant: TenantID, principal: PrincipalID, key: IdempotencyKey
    ) -> RememberedAnswer {
        guard let status = Int16(exactly: status) else {
            preconditionFailure("an HTTP status has three digits")
        }
        return RememberedAnswer(
            status: status, sealed: seal.seal(body, context: Self.context(tenant, principal, key)))
    }

    /// The bytes that were answered the first time.
    public func body(
        of answer: RememberedAnswer, tenant: TenantID, principal: PrincipalID, key: IdempotencyKey
    ) throws(SealError) -> [UInt8] {
        try seal.open(answer.sealed, context: Self.context(tenant, principal, key))
    }

    private static func context(
        _ tenant: TenantID, _ principal: PrincipalID, _ key: IdempotencyKey
    ) -> SealContext {
        context(tenant, principal, key.text)
    }

    /// - Parameter key: as it is stored.
    static func context(_ tenant: TenantID, _ principal: PrincipalID, _ key: String) -> SealContext {
        SealContext(tenant: tenant, column: "idempotency_keys.answer", subject: "\(principal) \(key)")
    }
}
