internal import CLibPQ

/// What a result's error fields are called; the macros of libpq are characters and are not imported.
enum DiagnosticField: UInt8 {
    // The severity that is not translated: the other one, S, follows lc_messages.
    case severity = 0x56  // V
    case sqlState = 0x43  // C
    case message = 0x4D  // M
    case detail = 0x44  // D
    case hint = 0x48  // H
    case schema = 0x73  // s
    case table = 0x74  // t
    case column = 0x63  // c
    case constraint = 0x6E  // n
    case routine = 0x52  // R

    func read(from result: OpaquePointer?) -> String? {
        PQresultErrorField(result, Int32(rawValue)).map { String(cString: $0) }
    }

    /// Whether the server closes the connection after saying this.
    static func endsTheSession(_ result: OpaquePointer?) -> Bool {
        let severity = severity.read(from: result)
        return severity == "FATAL" || severity == "PANIC"
    }
}

extension PostgresError {
    /// Takes the fields of a failed result; where it has none, the message is the connection's.
    init(result: OpaquePointer?, connection: OpaquePointer?, statement: String, site: CallSite) {
        let message =
            DiagnosticField.message.read(from: result)
            ?? String(cString: PQerrorMessage(connection)).trimmedLines
        self.init(message: message, statement: statement, file: site.file, line: site.line)
        sqlState = DiagnosticField.sqlState.read(from: result).map(SQLState.init(rawValue:))
        detail = DiagnosticField.detail.read(from: result)
        hint = DiagnosticField.hint.read(from: result)
        schema = DiagnosticField.schema.read(from: result)
        table = DiagnosticField.table.read(from: result)
        column = DiagnosticField.column.read(from: result)
        constraint = DiagnosticField.constraint.read(from: result)
        routine = DiagnosticField.routine.read(from: result)
        // An error without a code is libpq's own: it could not send or could not read. Of a failed send it keeps the
        // connection's status until it has read to the end what the server has said before.
        isConnectionLost =
            PQstatus(connection) == CONNECTION_BAD || DiagnosticField.endsTheSession(result)
            || sqlState == nil
    }
}

extension String {
    var trimmedLines: String {
        split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
}

/// Where in our code a statement was sent from.
struct CallSite: Sendable {
    var file: StaticString
    var line: UInt
}
