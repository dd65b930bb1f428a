internal import Billing
internal import Postgres
internal import Primitives

extension OperatorWork {
    /// Writes down what was changed at a shell, in the transaction that changes it.
    ///
    /// - Parameter scope: whose thing it is.
    func write(_ note: AuditNote, of scope: TenantID, _ transaction: Transaction) throws {
        _ = try transaction.query(
            AuditStore.insert(
                note, by: .atShell(actor), scope, identifiers.next(at: transaction.realNow),
                at: transaction.realNow))
    }
}

// What is written down of a change to what customers have, however it was asked for: by the names of the admin API.
extension AuditNote {
    static func newCustomer(_ customer: CustomerView) -> AuditNote {
        AuditNote(
            "createCustomer", "customer", customer.id.description, from: nil,
            to: ["email": .string(customer.email), "username": .string(customer.username)])
    }

    static func movement(
        of customer: CustomerID, _ answer: MovementAnswer, reference: String?, memo: String?
    ) -> AuditNote {
        AuditNote(
            answer.amount.isPositive ? "creditCustomer" : "debitCustomer", "customer", customer.description,
            from: nil,
            to: answer.json.adding([
                "reference": reference.map(JSON.string) ?? .null, "reason": memo.map(JSON.string) ?? .null,
            ]))
    }

    /// Of how a tenant reaches its provider nothing is written down but who: the rest is secret.
    static func payments(areTaken: Bool) -> AuditNote {
        AuditNote(
            areTaken ? "connectPayments" : "disconnectPayments", "payment_provider",
            StripeProvider.providerName, from: nil, to: ["active": .bool(areTaken)])
    }

    static func newKey(_ key: KeyRow) -> AuditNote {
        AuditNote(
            "createCustomerKey", "customer_key", key.id.description, from: nil,
            to: [
                "customer": .string(key.customer.description), "dialect": .string(key.dialect.rawValue),
                "hint": .string(key.hint), "trials": .bool(key.mayTakeTrials),
                "scopes": .array(key.scopes.map(JSON.string)),
                "rate_limit": key.rateLimit.map(JSON.string) ?? .null,
                "expires_at": key.expiresAt.map { .string($0.rfc3339()) } ?? .null,
                "allowed_sources": key.allowedSources.map {
                    .array($0.networks.map { .string($0.description) })
                } ?? .null,
            ])
    }

    static func revokedKey(_ key: KeyView) -> AuditNote {
        AuditNote(
            "revokeCustomerKey", "customer_key", key.id.description, from: ["revoked": false],
            to: ["revoked": true])
    }

    static func refund(of order: OrderID, _ answer: RefundAnswer) -> AuditNote {
        AuditNote("refundOrder", "order", order.description, from: nil, to: answer.json)
    }

    static func cancellation(of subscription: SubscriptionID, _ answer: CancellationAnswer) -> AuditNote {
        AuditNote(
            "cancelSubscription", "subscription", subscription.description, from: nil, to: answer.json)
    }

    static func planChange(
        of subscription: SubscriptionID, to plan: String, _ answer: PlanChangeAnswer
    ) -> AuditNote {
        AuditNote(
            "changeSubscriptionPlan", "subscription", subscription.description, from: nil,
            to: answer.json.adding(["plan": .string(plan)]))
    }

    static func renewal(of before: StandingView, to after: StandingView) -> AuditNote {
        AuditNote(
            "updateSubscription", "subscription", after.id.description, from: before.json, to: after.json)
    }
}

extension JSON {
    /// The object with these members as well; what it has already stays.
    func adding(_ members: JSON) -> JSON {
        guard var object = objectValue else { return self }
        for member in members.objectValue?.members ?? [] where object[member.key] == nil {
            object[member.key] = member.value
        }
        return .object(object)
    }
}
