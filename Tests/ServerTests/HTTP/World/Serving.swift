import ServiceLifecycle
import TestSupport
import Testing

@testable import Server

/// Serves Alba's and Brio's tiny doors while the body runs.
func serving(
    _ settings: HTTPSettings = HTTPSettings(), _ dialect: TinyDialect = TinyDialect(),
    _ body: @Sendable (Int, ServiceGroup) async throws -> Void
) async throws {
    try await servingWorld(settings, dialect) { port, group, _ in try await body(port, group) }
}

/// The same, with the world behind the server.
func servingWorld(
    _ settings: HTTPSettings = HTTPSettings(), _ dialect: TinyDialect = TinyDialect(),
    _ body: @Sendable (Int, ServiceGroup, DoorWorld) async throws -> Void
) async throws {
    var settings = settings
    settings.port = 0
    let world = try await DoorWorld(
        try #require(TestDatabase.current), settings: settings, dialect: dialect)
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    let server = HTTPServer(door: world.door, settings: settings, state: world.state, logger: .quiet) {
        found.yield($0)
    }
    let group = ServiceGroup(configuration: .init(services: [server], logger: .quiet))
    try await withThrowingTaskGroup { tasks in
        tasks.addTask { try await group.run() }
        for await port in ports {
            try await body(port, group, world)
            break
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}
