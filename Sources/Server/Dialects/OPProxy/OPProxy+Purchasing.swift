internal import Billing
internal import Catalog
internal import HTTPTypes
internal import Primitives

extension OPProxy {
    /// What a purchase asks for, once it has been read.
    struct PurchaseOrder: Sendable, Hashable {
        var type: ServiceType
        var plan: PlanID
        /// Lower case; `nil` where it is left out, as the next.
        var country: String?
        var rotation: String?

        init(_ fields: Fields) throws(Problem) {
            type = try fields.type()
            plan = try fields.planID()
            country = try fields.optionalCountry()
            rotation = try fields.optionalRotation()
        }

        /// What the plan's own offers say of the order.
        ///
        /// A plan that the catalogue does not know is the engine's to refuse: its snapshot is newer.
        func choice(from plan: Plan?) throws(Problem) -> ExitChoice {
            guard let plan else {
                return ExitChoice(
                    country: country.flatMap(ExitCountry.init), rotation: rotation.flatMap(ExitRotation.init))
            }
            guard let offer = Offer(plan), offer.type == type else { throw .invalidPlanID }
            return ExitChoice(
                country: try country.flatMap { country throws(Problem) in
                    try plan.country(named: country)
                },
                rotation: try rotation.flatMap { rotation throws(Problem) in
                    try plan.rotation(named: rotation, for: type)
                })
        }
    }

    func purchase(_ context: Context) async throws -> DialectResponse {
        let fields = try Fields(context.request)
        let order = try PurchaseOrder(fields)
        let claim = try context.claim(fields.body)
        let principal = context.principal
        let catalogue = try await holdings.catalogue(
            try await catalogues.catalogue(of: principal.tenant), for: principal.customer)
        let plan = catalogue.plansByID[order.plan]
        let choice: ExitChoice
        do throws(Problem) {
            choice = try order.choice(from: plan)
        } catch {
            // What was carried out once is answered again, whatever became of the plan.
            guard let claim, let answer = try await answered.find(claim, by: principal) else { throw error }
            return .opproxy(answer)
        }
        let purchase = Purchase(
            customer: principal.customer, plan: order.plan, networks: plan?.networks ?? [], exit: choice)
        return try await place(.purchase(purchase), context, claim, catalogue) { outcome, delivery in
            guard case .bought(let receipt) = outcome else {
                preconditionFailure("a purchase became something else")
            }
            // The plan as the engine has read it: the catalogue's may be of a moment ago, or missing.
            guard Offer(receipt.plan)?.type == order.type else { throw Problem.invalidPlanID }
            guard let service = try delivery.services(of: receipt).first else {
                preconditionFailure("a purchase made nothing")
            }
            return .purchased(Wire.Purchased(service))
        }
    }

    /// Adds a period of the service's own plan, at its price of today (contract O5).
    func extend(_ context: Context) async throws -> DialectResponse {
        let id = try context.serviceID()
        let claim = try context.claim()
        let principal = context.principal
        let service = try await existing(id, context)
        let catalogue = try await catalogues.catalogue(of: principal.tenant)
        let renewal = Renewal(customer: principal.customer, subscription: id, plan: service.plan)
        return try await place(.renewal(renewal), context, claim, catalogue) { outcome, _ in
            guard case .renewed(let receipt) = outcome else {
                preconditionFailure("a renewal became something else")
            }
            var extended = service
            extended.activeUntil = receipt.activeUntil
            return .service(Wire.Service(extended, at: context.now))
        }
    }

    private func place(
        _ command: Command, _ context: Context, _ claim: IdempotentConnectionChange.Claim?,
        _ catalogue: TenantCatalogue, _ render: @escaping @Sendable (Outcome, Delivery) throws -> Answer
    ) async throws -> DialectResponse {
        let order = OrderDesk.Order(
            command, by: context.principal, claim: claim, at: context.request.receivedAt
        ) {
            try render($0, $1).body
        }
        do {
            return .opproxy(try await desk.place(order, with: catalogue))
        } catch let error as EngineError {
            guard case .unavailable(let fault) = error else { throw Problem(error) }
            // What the answer refused has stopped the order before anything was written.
            throw fault.underlying as? Problem ?? fault
        }
    }
}

extension Plan {
    /// A country that the plan's exits may be in; well formed and not offered is "unavailable" (contract O3).
    ///
    /// `nil` for the one that is shown of a plan without a choice.
    func country(named text: String) throws(OPProxy.Problem) -> ExitCountry? {
        if exits.isEmpty, text == OPProxy.anyCountry { return nil }
        guard let country = ExitCountry(rawValue: text), exits.contains(country) else {
            throw .countryUnavailable
        }
        return country
    }

    /// A rotation that the plan offers; IPv4 is instant by design (contract O4). `nil` as above.
    func rotation(
        named text: String, for type: OPProxy.ServiceType
    ) throws(OPProxy.Problem) -> ExitRotation? {
        let rotation = ExitRotation(rawValue: text)
        if type == .ipv4, rotation != .perConnection { throw .unsupportedForType }
        if exitRotations.isEmpty, rotation == .perConnection { return nil }
        guard let rotation, exitRotations.contains(rotation) else { throw .rotationNotOffered }
        return rotation
    }
}
