public import Catalog
internal import Postgres
internal import Primitives
public import Provisioning

// What the customer of a rotating-proxy service changes; each answers with what `render` makes of the service since.

extension ConnectionChanges {
    /// Replaces the addresses that may connect without the login.
    ///
    /// This and the next two refuse, in this order, with `idempotency`, `subscriptionUnknown`, `refused`.
    /// - Parameter limit: how many the dialect lets a list have.
    public func replaceAllowList(
        with sources: [AllowedSource], limit: Int, _ subject: Subject,
        claim: IdempotentConnectionChange.Claim?,
        render: @escaping @Sendable (HeldService) -> [UInt8]
    ) async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer {
        try await change("allowlist.replaced", subject, claim, render) { [connections] transaction in
            try connections.replaceAllowList(
                with: sources, limit: limit, tenant: subject.principal.tenant,
                subscription: subject.subscription, in: transaction
            ).map { _ in }
        }
    }

    /// Lets connections leave from another country.
    public func setExit(
        country: ExitCountry, _ subject: Subject, claim: IdempotentConnectionChange.Claim?,
        render: @escaping @Sendable (HeldService) -> [UInt8]
    ) async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer {
        try await change("exit.country_changed", subject, claim, render) { [connections] transaction in
            try connections.setExit(
                country: country, tenant: subject.principal.tenant, subscription: subject.subscription,
                in: transaction
            ).map { _ in }
        }
    }

    /// Sets when the exit changes by itself.
    public func setExit(
        rotation: ExitRotation, _ subject: Subject, claim: IdempotentConnectionChange.Claim?,
        render: @escaping @Sendable (HeldService) -> [UInt8]
    ) async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer {
        try await change("exit.rotation_changed", subject, claim, render) { [connections] transaction in
            try connections.setExit(
                rotation: rotation, tenant: subject.principal.tenant, subscription: subject.subscription,
                in: transaction
            ).map { _ in }
        }
    }

    private func change(
        _ event: String, _ subject: Subject, _ claim: IdempotentConnectionChange.Claim?,
        _ render: @escaping @Sendable (HeldService) -> [UInt8],
        _ change: @escaping @Sendable (Transaction) throws -> Result<Void, ConnectionRefusal>
    ) async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer {
        let principal = subject.principal
        let statement = ServiceStore.one(
            subject.subscription, of: principal.customer, of: principal.tenant, in: principal.dialect)
        return try await run(event, subject, claim) { [seal] transaction in
            if case .failure(let refusal) = try change(transaction) { return .failure(refusal) }
            let found = try ServiceStore.services(
                try transaction.query(statement), principal.tenant, seal)
            guard let service = found.first else { return .failure(.noLiveConnection) }
            return .success(render(service))
        }
    }
}
