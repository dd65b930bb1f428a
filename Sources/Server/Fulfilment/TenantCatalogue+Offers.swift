public import Catalog
public import Primitives

extension TenantCatalogue {
    /// Plans on offer in a dialect to customers who pay in `currency`, in the order of the catalogue, then by
    /// price; none that lends no port, or several, or has no price. A calendar plan is as long as its period would be
    /// that began now.
    public func offers(in dialect: DialectName, for currency: Currency, at now: Instant) -> [Offer] {
        let offers = plans.compactMap { plan in
            offer(plan, in: dialect, for: currency, at: now).map { (place: plan.sortOrder, offer: $0) }
        }
        return offers.sorted { one, other in
            (one.place, one.offer.price.minor, one.offer.plan)
                < (other.place, other.offer.price.minor, other.offer.plan)
        }.map(\.offer)
    }

    private func offer(
        _ plan: Plan, in dialect: DialectName, for currency: Currency, at now: Instant
    ) -> Offer? {
        guard plan.isActive, plan.currency == currency, plan.sellsIn.contains(dialect),
            let price = plan.price,
            let period = plan.duration?.period(from: PeriodStart(now: now), in: tenant.zone),
            let connection = plan.connection,
            plan.networks.count == 1, let network = networksByID[plan.networks[0]], network.isActive
        else { return nil }
        return Offer(
            plan: plan.id, connection: connection, durationMilliseconds: period.milliseconds, price: price,
            isPopular: plan.isPopular,
            network: NetworkPlace(code: network.code, city: network.city, country: network.country),
            networkType: network.type)
    }
}
