internal import CLibPQ
internal import Foundation

/// The keywords and values that a configuration becomes; in libpq, the later of two wins.
struct ConnectionParameters {
    let keywords: [(name: String, value: String)]

    init(_ configuration: PostgresConfiguration) throws {
        let ownOptions = try Self.options(in: configuration.conninfo)
        var keywords = Self.defaults(configuration)
        keywords.append(("dbname", configuration.conninfo))
        keywords.append(("client_encoding", "UTF8"))
        // pgbouncer refuses `options`; there the settings travel with each transaction.
        if configuration.usesPreparedStatements {
            let flags = configuration.sessionSettings.map { "-c \(Self.escaped("\($0.name)=\($0.value)"))" }
            keywords.append(("options", ([ownOptions].compactMap { $0 } + flags).joined(separator: " ")))
        }
        self.keywords = keywords
    }

    /// What the connection string may override.
    private static func defaults(_ configuration: PostgresConfiguration) -> [(name: String, value: String)] {
        [
            ("application_name", configuration.applicationName),
            ("connect_timeout", String(configuration.connectTimeoutSeconds)),
            ("keepalives", "1"),
            ("keepalives_idle", "15"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
        ]
    }

    /// Inside `options`, blanks separate arguments unless a backslash stands before them.
    static func escaped(_ argument: String) -> String {
        var text = ""
        for character in argument {
            if character == "\\" || character.isWhitespace { text.append("\\") }
            text.append(character)
        }
        return text
    }

    /// The `options` that the connection string itself carries: ours are added to them, not put in their
    /// place.
    private static func options(in conninfo: String) throws -> String? {
        var problem: UnsafeMutablePointer<CChar>?
        guard let parsed = PQconninfoParse(conninfo, &problem) else {
            PQfreemem(problem)
            // The reason may quote the password, so it is not repeated.
            throw PostgresError(message: "the connection string cannot be parsed")
        }
        defer { PQconninfoFree(parsed) }
        var option = parsed
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "options" { return option.pointee.val.map { String(cString: $0) } }
            option += 1
        }
        return nil
    }

    /// Calls libpq with the two parallel, null-terminated arrays of C strings that it wants.
    func withCStrings<T>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> T
    ) -> T {
        var names: [UnsafePointer<CChar>?] = keywords.map { UnsafePointer(strdup($0.name)) }
        var values: [UnsafePointer<CChar>?] = keywords.map { UnsafePointer(strdup($0.value)) }
        defer { for string in names + values { free(UnsafeMutablePointer(mutating: string)) } }
        names.append(nil)
        values.append(nil)
        return body(names, values)
    }
}
