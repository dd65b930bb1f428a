internal import HTTPTypes
internal import Primitives
internal import Provisioning

// The operations that change a connection and move no money.

extension Gate {
    func changeCredentials(
        _ reference: SubscriptionReference, _ context: Context
    ) async throws -> DialectResponse {
        let subject = ConnectionChanges.Subject(try reference.known(), of: context.principal)
        return try await changing { [changes] () throws(ConnectionChangeError) in
            try await changes.changeCredentials(subject, claim: context.claim) { changed in
                Answer.credentials(password: changed.secret.password, vpn: changed.secret.vlessUUID).body
            }
        }
    }

    func setRotationPolicy(
        _ reference: SubscriptionReference, _ minutes: Int32, _ context: Context
    ) async throws -> DialectResponse {
        let subject = ConnectionChanges.Subject(try reference.known(), of: context.principal)
        return try await changing { [changes] () throws(ConnectionChangeError) in
            try await changes.setRotation(minutes: minutes, subject, claim: context.claim) {
                Answer.done.body
            }
        }
    }

    func switchNetwork(
        _ reference: SubscriptionReference, to network: NetworkID, _ context: Context
    ) async throws -> DialectResponse {
        // A field that is wrong comes before a subscription that is not there (G5).
        let catalogue = try await catalogues.catalogue(of: context.principal.tenant)
        guard catalogue.networksByID[network] != nil else { throw Problem.invalid(.targetNetwork) }
        let subject = ConnectionChanges.Subject(try reference.known(), of: context.principal)
        return try await changing { [changes] () throws(ConnectionChangeError) in
            try await changes.switchNetwork(to: network, subject, claim: context.claim) { held in
                Answer.switched(context.wire([held])[0]).body
            }
        }
    }

    private func changing(
        _ change: () async throws(ConnectionChangeError) -> IdempotentConnectionChange.Answer
    ) async throws -> DialectResponse {
        do throws(ConnectionChangeError) {
            return .gate(try await change())
        } catch {
            if case .unavailable(let fault) = error { throw fault }
            throw Problem(error)
        }
    }
}
