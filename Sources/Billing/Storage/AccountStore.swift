internal import Postgres
internal import Primitives

/// SQL of the ledger's accounts.
enum AccountStore {
    /// Locks the accounts of these names in every currency, in the order of their keys, so that no two groups can wait
    /// for each other.
    static func locking(_ names: Set<GroupKeys.AccountName>) -> Statement {
        let ordered = names.sorted()
        return Statement(
            lockingByName, [ordered.map(\.tenant), ordered.map(\.owner), ordered.map(\.role.rawValue)])
    }

    static func accounts(_ result: ResultSet) throws -> [Account] {
        try result.map { row in
            let role = try AccountRole(stored: row.get(3))
            let currency = try Currency(stored: row.get(4))
            return Account(
                id: try row.get(1),
                key: AccountKey(
                    tenant: try row.get(0), owner: try row.get(2), role: role, currency: currency),
                balance: try row.get(5), floor: try row.get(6), postings: try row.get(7))
        }
    }

    /// Writes the balances that a group left behind: once per account.
    static func updating(_ accounts: [Account]) -> Statement {
        Statement(
            updateBalances,
            [
                accounts.map(\.key.tenant), accounts.map(\.id), accounts.map(\.balance),
                accounts.map(\.postings),
            ])
    }

    /// Opens accounts that were not there when the group was locked; where somebody else came first, the constraint says so.
    static func adding(_ accounts: [Account], at now: Instant) -> Statement {
        Statement(add, columns(accounts) + [now])
    }

    private static func columns(_ accounts: [Account]) -> [any Bindable] {
        [
            accounts.map(\.key.tenant), accounts.map(\.id), accounts.map(\.key.owner),
            accounts.map(\.key.role.rawValue), accounts.map(\.key.currency.code),
            accounts.map(\.key.role.normalSide.rawValue), accounts.map(\.floor),
        ]
    }

    /// Opens accounts that do not exist yet; sets the floor of those that do.
    static func opening(_ accounts: [Account], at now: Instant) -> Statement {
        let accounts = accounts.sorted { $0.key < $1.key }
        return Statement(open, columns(accounts) + [now])
    }

    private static let lockingByName = """
        SELECT a.tenant_id, a.id, a.owner_id, a.role, a.currency, a.balance_minor, a.floor_minor, a.postings_count
        FROM unnest($1::bigint[], $2::uuid[], $3::text[]) AS wanted (tenant_id, owner_id, role)
        CROSS JOIN LATERAL (
            SELECT * FROM accounts
            WHERE tenant_id = wanted.tenant_id AND owner_id = wanted.owner_id AND role = wanted.role
            ORDER BY currency FOR NO KEY UPDATE
        ) a
        """

    private static let updateBalances = """
        UPDATE accounts a SET balance_minor = v.balance_minor, postings_count = v.postings_count
        FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[])
            AS v (tenant_id, id, balance_minor, postings_count)
        WHERE a.tenant_id = v.tenant_id AND a.id = v.id
        """

    private static let open = """
        \(add)
        ON CONFLICT ON CONSTRAINT account_is_unique_per_owner_role_and_currency
        DO UPDATE SET floor_minor = excluded.floor_minor
        WHERE accounts.floor_minor IS DISTINCT FROM excluded.floor_minor
        """

    private static let add = """
        INSERT INTO accounts (tenant_id, id, owner_id, role, currency, normal_side, floor_minor, created_at)
        SELECT v.*, $8::timestamptz
        FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[]) AS v
        """
}

extension AccountRole {
    /// Reads a stored role; one outside the chart is a fault of the row.
    init(stored text: String) throws {
        guard let role = AccountRole(rawValue: text) else {
            throw StoredRowInvalid(what: "account role", text)
        }
        self = role
    }
}

extension Currency {
    /// Reads a stored code; one outside ISO 4217 is a fault of the row.
    init(stored code: String) throws {
        guard let currency = Currency(code) else { throw StoredRowInvalid(what: "currency", code) }
        self = currency
    }
}

/// A row holds what no writer of ours could have written.
struct StoredRowInvalid: Error {
    let what: String
    let text: String

    init(what: String, _ text: String) {
        self.what = what
        self.text = text
    }
}
