internal import Primitives
internal import Synchronization

/// What customers pay in, as far as it was asked for: a bounded memory of something that never changes.
final class CustomerCurrencies: Sendable {
    private struct Key: Hashable {
        let tenant: TenantID
        let customer: CustomerID
    }

    private let known: Mutex<BoundedMap<Key, Currency>>

    init(limit: Int = 65_536) {
        known = Mutex(BoundedMap(limit: limit))
    }

    func of(_ customer: CustomerID, _ tenant: TenantID) -> Currency? {
        known.withLock { $0.use(Key(tenant: tenant, customer: customer)) }
    }

    func remember(_ currency: Currency, of customer: CustomerID, _ tenant: TenantID) {
        known.withLock { $0.insert(currency, Key(tenant: tenant, customer: customer)) }
    }
}
