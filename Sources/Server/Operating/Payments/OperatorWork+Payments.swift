internal import Billing
internal import Catalog
internal import Postgres
internal import Primitives
internal import Provisioning

extension OperatorWork {
    /// Connects a tenant to its payment provider, or changes how it is reached.
    func connect(
        _ connection: ProviderConnection, of tenant: String, sealedBy seal: Seal
    ) async throws {
        try await pool.transaction(tenant: nil) { [actor] transaction in
            let tenant = try Self.tenant(tenant, transaction)
            _ = try transaction.query(
                ProviderStore.connecting(
                    connection, of: tenant.id, at: StripeProvider.providerName, sealedBy: seal, actor: actor,
                    at: transaction.now))
            try write(.payments(areTaken: true), of: tenant.id, transaction)
        }
    }

    /// How a tenant reaches its provider, sealed; `nil` where it never did.
    func connection(of tenant: String) async throws -> StoredProviderConnection? {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            return try ProviderStore.connection(
                transaction.query(
                    ProviderStore.connection(of: tenant.id, at: StripeProvider.providerName)))
        }
    }

    /// Lets a tenant take no payments any more.
    func disconnect(_ tenant: String) async throws {
        try await pool.transaction(tenant: nil) { [actor] transaction in
            let tenant = try Self.tenant(tenant, transaction)
            _ = try transaction.query(
                ProviderStore.switching(
                    false, of: tenant.id, at: StripeProvider.providerName, actor: actor, now: transaction.now)
            )
            try write(.payments(areTaken: false), of: tenant.id, transaction)
        }
    }

    /// Corrects a wallet: a positive amount is granted, a negative one taken, never below the credit limit.
    func adjust(
        _ name: String, of tenant: String, by amount: AmountText, reference: String?, reason: String
    ) async throws -> MovementReceipt {
        try await pool.transaction(tenant: nil) { transaction in
            let tenant = try Self.tenant(tenant, transaction)
            let customer = try Self.customer(name, tenant.id, transaction)
            let command = Command.adjustment(
                Adjustment(
                    customer: customer.id, amount: try Self.money(amount, in: customer.currency),
                    reference: reference, memo: reason, actor: actor))
            var ledger = LedgerWork(seed: seed(), stock: SlotStock())
            let submission = Submission(
                id: identifiers.next(at: transaction.realNow), tenant: tenant.id, principal: nil,
                dialect: DialectName(rawValue: "operator"), command: command)
            let result = try ledger.carryOut(
                [submission], on: transaction.connection, at: transaction.realNow)[0]
            switch result {
            case .success(.done(.moved(let receipt))):
                let answer = MovementAnswer(receipt)
                try write(
                    .movement(of: customer.id, answer, reference: reference, memo: reason), of: tenant.id,
                    transaction)
                return receipt
            case .success: preconditionFailure("an adjustment moves money and does nothing else")
            case .failure(let refusal): throw Refusal.money(refusal)
            }
        }
    }
}
