internal import Postgres
internal import Primitives

/// The request log as the recorder writes it, a day at a time.
enum RequestLogStore {
    /// Makes a day's share of the table, if there is none.
    static func make(_ day: CivilDate) -> Statement {
        Statement(making, [text(day)])
    }

    /// Copies requests of one day, straight into its share: COPY is refused on what row-level security guards.
    static func copy(_ requests: [LoggedRequest], of day: CivilDate, on connection: Connection) throws {
        var lines: [UInt8]? = requests.reduce(into: [UInt8]()) { $1.appendLine(to: &$0) }
        _ = try connection.copyIn("COPY request_log_\(name(day)) \(columns) FROM STDIN") {
            defer { lines = nil }
            return lines
        }
    }

    /// Writes when keys were last used.
    static func use(_ uses: [KeyUses.Use]) -> Statement {
        Statement(using, [uses.map(\.tenant), uses.map(\.key), uses.map(\.at)])
    }

    /// Drops the oldest day that lies before another.
    static func drop(before day: CivilDate) -> Statement {
        Statement(dropping, [text(day)])
    }

    /// What was dropped; `nil` once there is nothing left to drop.
    static func dropped(_ result: ResultSet) throws -> String? { try result[0].get(0) }

    private static func text(_ day: CivilDate) -> String { day.start.rfc3339(fractionDigits: 0) }

    /// `20260131`, as the function names it.
    private static func name(_ day: CivilDate) -> String {
        String(text(day).prefix(10).filter { $0 != "-" })
    }

    private static let columns = """
        (tenant_id, customer_id, recorded_at, id, principal_id, dialect, method, path, route, status, duration_us, address, \
        request_id)
        """
    private static let making = "SELECT make_request_log_day(($1::text)::date)"
    private static let dropping = "SELECT drop_request_log_day(($1::text)::date)"
    private static let using = """
        UPDATE api_keys SET last_used_at = v.at
        FROM unnest($1::bigint[], $2::uuid[], $3::timestamptz[]) AS v(tenant_id, id, at)
        WHERE api_keys.tenant_id = v.tenant_id AND api_keys.id = v.id
            AND (api_keys.last_used_at IS NULL OR api_keys.last_used_at < v.at)
        """
}

extension LoggedRequest {
    /// One line of COPY's text format.
    fileprivate func appendLine(to bytes: inout [UInt8]) {
        let fields = [
            "\(tenant)", "\(customer)", recordedAt.rfc3339(), "\(id)", principal.map { "\($0)" } ?? "",
            dialect, method, path, route, "\(status)", "\(microseconds)", address, requestID,
        ]
        for (place, field) in fields.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: "\t")) }
            if place == 4, principal == nil { bytes += "\\N".utf8 } else { bytes.appendEscaped(field) }
        }
        bytes.append(UInt8(ascii: "\n"))
    }
}

extension [UInt8] {
    /// What separates rows and columns is escaped; PostgreSQL's texts hold no zero byte, so there it is left out.
    fileprivate mutating func appendEscaped(_ field: String) {
        for byte in field.utf8 where byte != 0 {
            switch byte {
            case UInt8(ascii: "\\"): self += #"\\"#.utf8
            case UInt8(ascii: "\t"): self += #"\t"#.utf8
            case UInt8(ascii: "\n"): self += #"\n"#.utf8
            case UInt8(ascii: "\r"): self += #"\r"#.utf8
            default: append(byte)
            }
        }
    }
}
