internal import Catalog
internal import Postgres
internal import Primitives

extension CustomerRows {
    /// Reads what a file's customers are compared with, in two round trips: the customers, then what is
    /// theirs.
    ///
    /// - Parameter everyone: whether customers that the file leaves out are read too.
    static func read(
        _ document: CatalogueDocument, _ numbers: [String: TenantID], everyone: Bool,
        _ transaction: Transaction
    ) throws -> CustomerRows {
        let tenants = numbers.values.sorted()
        let listed = document.tenants.flatMap(\.customers)
        let users = listed.flatMap(\.users)
        var rows = CustomerRows()
        rows.customers = try CustomerReads.customers(
            transaction.query(
                CustomerReads.customers(
                    of: tenants, emails: listed.map(\.email), usernames: listed.map(\.username),
                    everyone: everyone)))
        let ids = rows.customers.map(\.id)
        let digests = listed.flatMap(\.keys).compactMap {
            $0.key.map { CredentialDigest(of: $0.value).bytes }
        }
        let references =
            tenants.map { .float($0) } + rows.customers.map { .wallet($0.id, $0.tenant) }
            as [OpeningReference]
        let results = try transaction.pipeline([
            CustomerReads.users(
                of: tenants, customers: ids, emails: users.map(\.email), usernames: users.map(\.username)),
            CustomerReads.keys(of: tenants, customers: ids, digests: digests),
            CustomerReads.accounts(of: tenants, customers: ids), CustomerReads.openings(references),
        ])
        rows.users = try CustomerReads.users(results[0])
        rows.keys = try CustomerReads.keys(results[1])
        rows.accounts = try CustomerReads.accounts(results[2])
        rows.openings = try CustomerReads.openings(results[3])
        return rows
    }
}
