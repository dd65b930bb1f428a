internal import Billing
internal import Primitives

// Ending a subscription, and putting it on another plan: each with a look beforehand at what it would come to.

extension AdminAPI {
    static let subscriptionEndingEndpoints: [AdminEndpoint] = [
        AdminEndpoint(
            name: "previewCancellation", method: .get, place: .tenant,
            path: "/subscriptions/{id}/cancellation-preview", permission: .serving, tag: "subscriptions",
            summary: "What a cancellation would give back; nothing moves",
            query: ["CancellationWay", "KeepsMoney"], answer: "CancellationPreview",
            problems: endingProblems, handler: .admitted(AdminAPI.previewCancellation)),
        AdminEndpoint(
            name: "cancelSubscription", method: .post, place: .tenant, path: "/subscriptions/{id}/cancel",
            permission: .serving, tag: "subscriptions",
            summary: "End a subscription, and give back what is due", body: "Cancellation",
            answer: "CancellationAnswer", problems: endingProblems,
            handler: .admitted(AdminAPI.cancelSubscription)),
        AdminEndpoint(
            name: "previewPlanChange", method: .get, place: .tenant,
            path: "/subscriptions/{id}/plan-change-preview", permission: .serving, tag: "subscriptions",
            summary: "What another plan would come to; nothing moves", query: ["NewPlan"],
            answer: "PlanChangePreview", problems: changingProblems,
            handler: .admitted(AdminAPI.previewPlanChange)),
        AdminEndpoint(
            name: "changeSubscriptionPlan", method: .post, place: .tenant,
            path: "/subscriptions/{id}/change-plan", permission: .serving, tag: "subscriptions",
            summary: "Put a subscription on another plan, with a credit for the time that is left",
            body: "PlanChange", answer: "PlanChangeAnswer", problems: changingProblems,
            handler: .admitted(AdminAPI.changeSubscriptionPlan)),
    ]

    private static let endingProblems = AdminProblem.ofMoney + [.subscriptionEnded, .serviceNotReturnable]
    private static let changingProblems =
        AdminProblem.ofMoney + [.subscriptionEnded, .planNotEligible, .soldOut]

    func previewCancellation(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(paging: false, call, "way", "keeps_money")
        let request = OperatorWork.CancellationRequest(
            try query.word("way") ?? .now, keepsMoney: try query.flag("keeps_money") ?? false)
        let id: SubscriptionID = try call.id()
        return try await foresee(call, as: CancellationAnswer.self) { work, tenant, transaction in
            try work.hand(id, tenant, request, transaction)
        }
    }

    func cancelSubscription(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "way", "keeps_money", "expected_refund", "as_of", "memo")
        let way = try fields.required("way", fields.word("way", of: Cancellation.Way.self))
        let request = OperatorWork.CancellationRequest(
            way, keepsMoney: try fields.flag("keeps_money") ?? false,
            expected: try fields.amount("expected_refund", isSigned: true),
            asOf: try fields.instant("as_of"), memo: try fields.sentence("memo"))
        let id: SubscriptionID = try call.id()
        return try await carryOut(
            call, fields, on: ("subscription", id.description), as: CancellationAnswer.self
        ) { work, tenant, transaction in try work.hand(id, tenant, request, transaction) }
    }

    func previewPlanChange(_ call: AdminCall) async throws -> AdminAnswer {
        let query = try AdminQuery(paging: false, call, "plan")
        guard let plan = try query.text("plan") else {
            throw AdminProblem.invalidQuery("plan", "a plan's code")
        }
        let request = OperatorWork.PlanChangeRequest(plan: plan)
        let id: SubscriptionID = try call.id()
        return try await foresee(call, as: PlanChangeAnswer.self) { work, tenant, transaction in
            try work.hand(id, tenant, request, transaction)
        }
    }

    func changeSubscriptionPlan(_ call: AdminCall) async throws -> AdminAnswer {
        let fields = try AdminFields(call, "plan", "expected_total", "as_of", "memo")
        let plan = try fields.required("plan", fields.text("plan", "a plan's code"))
        let request = OperatorWork.PlanChangeRequest(
            plan: plan, expected: try fields.amount("expected_total", isSigned: true),
            asOf: try fields.instant("as_of"), memo: try fields.sentence("memo"))
        let id: SubscriptionID = try call.id()
        return try await carryOut(
            call, fields, on: ("subscription", id.description), as: PlanChangeAnswer.self
        ) { work, tenant, transaction in try work.hand(id, tenant, request, transaction) }
    }
}
