public import Postgres
public import Primitives

extension Connections {
    /// Replaces the addresses that may connect without the login, all at once, and answers with the list as it is then:
    /// an address that is named twice is listed once, where it stood first.
    ///
    /// Refuses, in this order, with `noLiveConnection`, `tooManySources`.
    public func replaceAllowList(
        with sources: [AllowedSource], limit: Int, tenant: TenantID, subscription: SubscriptionID,
        in transaction: Transaction
    ) throws -> Result<[AllowedSource], ConnectionRefusal> {
        let connections = try ConnectionStore.lock(tenant, subscription, transaction)
        if connections.isEmpty { return .failure(.noLiveConnection) }
        guard sources.count <= limit else { return .failure(.tooManySources(limit: limit)) }
        var seen: Set<SourceAddress> = []
        let list = sources.filter { seen.insert($0.address).inserted }
        var statements = [AllowListStore.delete(tenant, subscription)]
        if !list.isEmpty { statements.append(AllowListStore.insert(list, tenant, subscription)) }
        _ = try transaction.pipeline(statements + [touch(connections, at: transaction.now)])
        return .success(list)
    }
}
