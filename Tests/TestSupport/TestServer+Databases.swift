internal import Postgres
internal import SchemaFiles
internal import Synchronization

extension TestServer {
    private static let template = "tollgate_template"

    func makeTemplate() async throws {
        try await administration.run { try $0.execute("CREATE DATABASE \(Self.template)") }
        // A connection of its own, closed before anybody copies the template.
        let connection = try Connection(configuration(database: Self.template))
        defer { connection.close() }
        let migrations = SchemaFiles.migrations.map {
            Migration(name: $0.name, up: $0.up, checkBefore: $0.checkBefore, checkAfter: $0.checkAfter)
        }
        _ = try Migrator(migrations).migrate(connection, now: ManualClock.start)
    }

    func makeDatabase() async throws -> TestDatabase {
        let name = "test_\(databases.wrappingAdd(1, ordering: .relaxed).newValue)"
        try await administration.run { try $0.execute("CREATE DATABASE \(name) TEMPLATE \(Self.template)") }
        return TestDatabase(name: name, server: self)
    }

    func drop(_ database: TestDatabase) async throws {
        await database.closePools()
        // FORCE, because a test may leave connections of its own behind.
        try await administration.run { try $0.execute("DROP DATABASE \(database.name) WITH (FORCE)") }
    }
}
