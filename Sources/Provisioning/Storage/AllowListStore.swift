public import Postgres
public import Primitives

/// The addresses that may connect to a subscription's ports without its login.
public enum AllowListStore {
    static func delete(_ tenant: TenantID, _ subscription: SubscriptionID) -> Statement {
        Statement(deleteText, [tenant, subscription])
    }

    private static let deleteText =
        "DELETE FROM allowlist_entries WHERE tenant_id = $1 AND subscription_id = $2"

    static func insert(
        _ sources: [AllowedSource], _ tenant: TenantID, _ subscription: SubscriptionID
    ) -> Statement {
        Statement(
            insertText, [tenant, subscription, sources.map(\.address), sources.map(\.label)])
    }

    private static let insertText = """
        INSERT INTO allowlist_entries (tenant_id, subscription_id, position, address, label)
        SELECT $1, $2, listed.position, listed.address, listed.label
        FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS listed (address, label, position)
        """

    /// Reads a list from a column with its addresses, which stands at `start`, and one with their labels behind it.
    public static func sources(_ row: Row, startingAt start: Int) throws -> [AllowedSource] {
        let labels: [SourceLabel?] = try row.get(start + 1)
        return zip(try row.get(start, as: [SourceAddress].self), labels).map { AllowedSource($0, label: $1) }
    }
}

extension SourceAddress: ArrayBindable, Readable {}
extension SourceLabel: ArrayBindable, Readable {}
