/// Rules for the text of the migrations, each over all of them (`scale.md` in the design says why).
enum MigrationRule {
    static let all: [@Sendable ([SourceFile]) -> [Finding]] = [
        checkNames, checkKeys, checkIndexes, checkRowSecurity, checkForbidden,
    ]

    /// Reference tables: found by a value that is unique across tenants before the tenant is known.
    static let reference: Set<String> = ["hosts", "api_keys"]

    /// Constraints become refusals and log lines by their names, so every one has a name of its own that PostgreSQL does
    /// not cut short.
    static func checkNames(_ migrations: [SourceFile]) -> [Finding] {
        var seen: Set<Substring> = []
        return tables(migrations).flatMap { path, table in
            table.elements.flatMap { element -> [Finding] in
                func finding(_ message: String) -> Finding {
                    Finding(path: path, line: element.line, message: message)
                }
                let names = element.text.matches(of: /(?i)\bCONSTRAINT\s+(\w+)/).map(\.1)
                let bare = constraints(in: element) - names.count
                return (bare > 0 ? [finding("a constraint of \(table.name) has no name")] : [])
                    + names.filter { $0.utf8.count > 63 }.map { finding("\($0) is longer than 63 bytes") }
                    + names.filter { !seen.insert($0).inserted }.map {
                        finding("\($0) is the name of another constraint too")
                    }
            }
        } + alterations(migrations)
    }

    /// `tenant_id bigint NOT NULL` is the first column of every key of a tenant's table.
    static func checkKeys(_ migrations: [SourceFile]) -> [Finding] {
        tenantTables(migrations).flatMap { path, table -> [Finding] in
            let column = table.elements.first { $0.words.first == "tenant_id" }
            let isRight = column?.text.contains(/(?i)^tenant_id\s+bigint\s+NOT\s+NULL\s*$/) ?? false
            let hasPrimaryKey = table.elements.contains { $0.text.contains(/(?i)\bPRIMARY\s+KEY\s*\(/) }
            return
                (isRight
                ? []
                : [
                    Finding(
                        path: path, line: column?.line ?? 1,
                        message: "\(table.name).tenant_id is not bigint NOT NULL")
                ])
                + (hasPrimaryKey
                    ? []
                    : [
                        Finding(
                            path: path, line: column?.line ?? 1, message: "\(table.name) has no primary key")
                    ])
                + table.keys.filter { $0.columns.first != "tenant_id" }.map {
                    Finding(
                        path: path, line: $0.line,
                        message: "a key of \(table.name) does not begin with tenant_id")
                }
        }
    }

    /// An index of a tenant's table begins with its tenant as well.
    static func checkIndexes(_ migrations: [SourceFile]) -> [Finding] {
        let names = Set(tenantTables(migrations).map(\.table.name))
        let pattern =
            /(?i)^CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:\w+\s+)?ON\s+(\w+)(?:\s+USING\s+\w+)?\s*\(\s*(\w+)/
        return statements(migrations).compactMap { path, statement in
            guard let match = statement.bare.firstMatch(of: pattern), names.contains(String(match.1)),
                match.2 != "tenant_id"
            else { return nil }
            return Finding(
                path: path, line: statement.line,
                message: "an index of \(match.1) does not begin with tenant_id")
        }
    }

    /// Every tenant's table has row-level security: it is altered by name, or stands in the list of a loop that alters.
    static func checkRowSecurity(_ migrations: [SourceFile]) -> [Finding] {
        var secured: Set<String> = []
        for (_, statement) in statements(migrations)
        where statement.written.contains("ENABLE ROW LEVEL SECURITY") {
            for match in String(statement.written).matches(
                of: /(?i)(?:ALTER\s+TABLE\s+(\w+)\s+ENABLE)|'(\w+)'/)
            {
                secured.formUnion([match.1, match.2].compactMap { $0.map(String.init) })
            }
        }
        return tenantTables(migrations).filter { !secured.contains($0.table.name) }.map { path, table in
            Finding(
                path: path, line: table.elements.first?.line ?? 1,
                message: "\(table.name) has no row-level security")
        }
    }

    /// No triggers, no sequences, and no clock of the server's.
    static func checkForbidden(_ migrations: [SourceFile]) -> [Finding] {
        statements(migrations).flatMap { path, statement -> [Finding] in
            let code =
                statement.bare + (statement.bare.contains(/(?i)^DO\b/) ? String(statement.written) : "")
            let pattern =
                /(?i)\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\b|\b(?:small|big)?serial\b|\bAS\s+IDENTITY\b|\bCREATE\s+SEQUENCE\b/
            return
                (code.matches(of: pattern).map(\.0) + code.matches(of: SQLPlacementRule.serverClock).map(\.0))
                .map {
                    Finding(path: path, line: statement.line, message: "\($0) in a migration")
                }
        }
    }
}

extension MigrationRule {
    private static func statements(
        _ migrations: [SourceFile]
    ) -> [(path: String, statement: SQLText.Statement)] {
        migrations.flatMap { file in SQLText(file.text).statements.map { (file.path, $0) } }
    }

    private static func tables(_ migrations: [SourceFile]) -> [(path: String, table: SQLTable)] {
        statements(migrations).compactMap { path, statement in SQLTable(statement).map { (path, $0) } }
    }

    private static func tenantTables(_ migrations: [SourceFile]) -> [(path: String, table: SQLTable)] {
        tables(migrations).filter { $0.table.hasTenant && !reference.contains($0.table.name) }
    }

    private static func constraints(in element: SQLTable.Element) -> Int {
        // A foreign key says REFERENCES too and counts once.
        element.text.matches(of: /(?i)\b(?:PRIMARY\s+KEY|UNIQUE|CHECK|REFERENCES|EXCLUDE)\b/).count
    }

    /// `ALTER TABLE … ADD` of a constraint without a name.
    private static func alterations(_ migrations: [SourceFile]) -> [Finding] {
        statements(migrations).compactMap { path, statement in
            guard statement.bare.contains(/(?i)^ALTER\s+TABLE\b/),
                statement.bare.contains(/(?i)\bADD\s+(?:PRIMARY|UNIQUE|CHECK|FOREIGN|EXCLUDE)\b/)
            else { return nil }
            return Finding(path: path, line: statement.line, message: "a constraint is added without a name")
        }
    }
}
