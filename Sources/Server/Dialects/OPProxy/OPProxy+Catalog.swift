internal import Catalog
internal import HTTPTypes
internal import Primitives

extension OPProxy {
    /// A plan as this dialect can sell it: of one of its types, in whole units of money, for whole days or months.
    struct Offer: Sendable, Hashable {
        var plan: Plan
        var type: ServiceType
        var threads: Int32
        var duration: PlanDuration
        /// Whole units of `currency`.
        var price: Int64

        /// `nil` where the vendor's shapes cannot tell of the plan: it is not sold here.
        init?(_ plan: Plan) {
            guard plan.sellsIn.contains(OPProxy.name), let type = ServiceType(rawValue: plan.product),
                let threads = plan.threads, let duration = plan.duration,
                Self.isWholeDays(duration), let price = plan.price.flatMap(OPProxy.wholeUnits),
                !plan.networks.isEmpty
            else { return nil }
            self.plan = plan
            self.type = type
            self.threads = threads
            self.duration = duration
            self.price = price
        }

        /// The days of the period that would begin now, as the tenant's calendar counts them; `nil` where that cannot
        /// be told.
        func days(at now: Instant, in zone: Zone?) -> Int64? {
            switch duration {
            case .fixed(let milliseconds): return milliseconds / Self.day
            case .months:
                guard let zone, let period = duration.period(from: PeriodStart(now: now), in: zone),
                    let start = zone.local(period.start), let end = zone.local(period.end)
                else { return nil }
                return end.date.daysSinceEpoch - start.date.daysSinceEpoch
            }
        }

        private static func isWholeDays(_ duration: PlanDuration) -> Bool {
            switch duration {
            case .fixed(let milliseconds): milliseconds % day == 0
            case .months: true
            }
        }

        private static let day: Int64 = 86_400_000
    }

    /// An amount in whole units; `nil` where there are minor ones left over (contract O11).
    static func wholeUnits(_ money: Money) -> Int64? {
        let unit = minorUnits(money.currency)
        return money.minor % unit == 0 ? money.minor / unit : nil
    }

    /// An amount in whole units, rounded down: what is shown is there to be spent.
    static func flooredUnits(_ money: Money) -> Int64 {
        let unit = minorUnits(money.currency)
        let whole = money.minor / unit
        return money.minor % unit < 0 ? whole - 1 : whole
    }

    private static func minorUnits(_ currency: Currency) -> Int64 {
        (0..<currency.scale).reduce(1 as Int64) { unit, _ in unit * 10 }
    }

    func account(_ context: Context) async throws -> DialectResponse {
        let principal = context.principal
        guard let account = try await holdings.account(of: principal.customer, of: principal.tenant) else {
            // The key was accepted a moment ago.
            throw Problem.invalidToken
        }
        return .opproxy(.account(Wire.Account(account)))
    }

    func plans(_ context: Context) async throws -> DialectResponse {
        let type = try context.query.type()
        let catalogue = try await holdings.catalogue(
            try await catalogues.catalogue(of: context.principal.tenant), for: context.principal.customer)
        let currency = try await holdings.currency(
            of: context.principal.customer, of: context.principal.tenant)
        let offers = catalogue.plans.filter { $0.isOnSale && $0.currency == currency }
            .sorted { ($0.sortOrder, $0.id) < ($1.sortOrder, $1.id) }
            .compactMap(Offer.init)
            .filter { type == nil || $0.type == type }
        return .opproxy(
            .plans(
                offers.compactMap { offer in
                    offer.days(at: context.now, in: catalogue.tenant.zone).map { Wire.Plan(offer, days: $0) }
                }))
    }
}
