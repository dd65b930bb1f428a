public import Testing

/// Gives each test of a suite, or one test, a database: `TestDatabase.current`, and what `withDatabase` hands over.
public struct DatabaseTrait: SuiteTrait, TestTrait, TestScoping {
    let checksInvariants: Bool

    public var isRecursive: Bool { true }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withNewDatabase(on: nil, checksInvariants, test.sourceLocation) { database in
            try await TestDatabase.$current.withValue(database) { try await function() }
        }
    }
}

extension Trait where Self == DatabaseTrait {
    /// A database per test; the invariants must hold at its end.
    public static var database: DatabaseTrait { DatabaseTrait(checksInvariants: true) }

    /// A database per test, for tests that break it on purpose where `invariants` is false.
    public static func database(invariants: Bool) -> DatabaseTrait {
        DatabaseTrait(checksInvariants: invariants)
    }
}

/// Hands over the test's database, makes one where the test has none, and runs every invariant at the end.
///
/// Each row that an invariant returns becomes an issue of the test, whether the body threw or not.
public func withDatabase<Result: Sendable>(
    on server: TestServer? = nil, invariants checks: Bool = true,
    isolation: isolated (any Actor)? = #isolation,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (TestDatabase) async throws -> Result
) async throws -> Result {
    if server == nil, let current = TestDatabase.current { return try await body(current) }
    return try await withNewDatabase(on: server, checks, sourceLocation, body)
}

func withNewDatabase<Result: Sendable>(
    on chosen: TestServer?, _ checks: Bool, _ location: SourceLocation,
    isolation: isolated (any Actor)? = #isolation, _ body: (TestDatabase) async throws -> Result
) async throws -> Result {
    let server = if let chosen { chosen } else { try await TestServer.shared() }
    await server.gate.enter()
    defer { server.gate.leave() }
    let database = try await server.makeDatabase()
    do {
        let result = try await body(database)
        try await finish(database, checks, location)
        return result
    } catch {
        // The body's own error is the one to hear about.
        try? await finish(database, checks, location)
        throw error
    }
}

private func finish(_ database: TestDatabase, _ checks: Bool, _ location: SourceLocation) async throws {
    if checks {
        for broken in try await database.brokenInvariants() {
            Issue.record("\(broken)", sourceLocation: location)
        }
    }
    try await database.server.drop(database)
}
