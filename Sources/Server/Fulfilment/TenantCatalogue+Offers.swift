public import Catalog
public import Primitives

extension TenantCatalogue {
    /// Plans on offer in a dialect to customers who pay in `currency`, in the order of the catalogue, then by
    /// price; none that lends no port or has no price.
    public func offers(in dialect: DialectName, for currency: Currency) -> [Offer] {
        plans.compactMap { plan in offer(plan, in: dialect, for: currency).map { (plan.sortOrder, $0) } }
            .sorted { left, right in
                (left.0, left.1.price.minor, left.1.plan) < (right.0, right.1.price.minor, right.1.plan)
            }
            .map(\.1)
    }

    private func offer(_ plan: Plan, in dialect: DialectName, for currency: Currency) -> Offer? {
        guard plan.isActive, plan.currency == currency, plan.sellsIn.contains(dialect),
            let price = plan.price, let duration = plan.durationMilliseconds, let connection = plan.connection,
            let network = plan.networkID.flatMap({ networksByID[$0] }), network.isActive
        else { return nil }
        return Offer(
            plan: plan.id, connection: connection, durationMilliseconds: duration, price: price,
            isPopular: plan.isPopular,
            network: NetworkPlace(code: network.code, city: network.city, country: network.country),
            networkType: network.type)
    }
}
