internal import Postgres
internal import Primitives

/// The request log as an account reads it.
enum RequestHistoryStore {
    /// One entry more than a page, behind a first column that says whether the cursor is an entry of the account.
    static func page(
        of customer: CustomerID, _ tenant: TenantID, _ query: RequestHistory.Query
    ) -> Statement {
        let end = query.until ?? .farthest
        let cursorTime = query.before.map { Instant(milliseconds: Int64($0.bits.milliseconds)) } ?? .farthest
        return Statement(
            byCustomer,
            [
                tenant, customer, query.since ?? .earliest, min(end, cursorTime), cursorTime,
                query.before ?? LoggedRequestID(bits: IdentifierBits(high: .max, low: .max)),
                query.before == nil, query.limit + 1,
            ])
    }

    static func knowsCursor(_ result: ResultSet) throws -> Bool { try result[0].get(0) }

    static func entries(
        _ result: ResultSet, of customer: CustomerID, _ tenant: TenantID
    ) throws -> [LoggedRequest] {
        try result.compactMap { row in
            guard let id: LoggedRequestID = try row.get(1) else { return nil }
            return LoggedRequest(
                tenant: tenant, id: id, customer: customer, principal: try row.get(2),
                dialect: try row.get(3), method: try row.get(4), path: try row.get(5),
                route: try row.get(6), status: Int(try row.get(7, as: Int16.self)),
                microseconds: try row.get(8), address: try row.get(9), requestID: try row.get(10))
        }
    }

    // The bounds on recorded_at leave out the days that hold none of it, and their order puts the rest one behind the
    // other: what is read ends with the page.
    private static let byCustomer = """
        SELECT cursor.known, l.id, l.principal_id, l.dialect, l.method, l.path, l.route, l.status, l.duration_us,
               l.address, l.request_id
        FROM (SELECT $7::boolean OR EXISTS (
                  SELECT FROM request_log
                  WHERE tenant_id = $1 AND customer_id = $2 AND recorded_at = $5 AND id = $6) AS known) AS cursor
        LEFT JOIN LATERAL (
            SELECT * FROM request_log
            WHERE tenant_id = $1 AND customer_id = $2 AND recorded_at >= $3 AND recorded_at <= $4
                AND (recorded_at, id) < ($5, $6)
            ORDER BY recorded_at DESC, id DESC LIMIT $8
        ) AS l ON cursor.known
        ORDER BY l.recorded_at DESC, l.id DESC
        """
}
