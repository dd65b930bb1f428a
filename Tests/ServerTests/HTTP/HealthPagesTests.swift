import TestSupport
import Testing

@testable import Server

@Suite("Health pages", .database)
struct HealthPagesTests {
    @Test func `alive is a word, ready is an answer of the database`() async throws {
        let world = try await DoorWorld(try #require(TestDatabase.current))
        let alive = try await world.ask(.get, "/health")
        #expect((alive.status, alive.body) == (200, #"{"status":"ok"}"#))
        let ready = try await world.ask(.get, "/health/ready")
        #expect((ready.status, ready.body) == (200, #"{"status":"ready","database":"ok"}"#))
    }

    @Test func `a process that stops is alive and not ready`() async throws {
        let world = try await DoorWorld(try #require(TestDatabase.current))
        world.state.stop()
        let ready = try await world.ask(.get, "/health/ready")
        #expect((ready.status, ready.body) == (503, #"{"status":"stopping","database":"ok"}"#))
        #expect(try await world.ask(.get, "/health").status == 200)
    }

    @Test func `a check that fails or hangs is not ready within its bound`() async throws {
        struct Broken: Error {}
        let pages = HealthPages(
            state: ServingState(),
            checks: [
                HealthPages.Check("broken") { throw Broken() },
                HealthPages.Check("hanging") { try await Task.sleep(for: .seconds(3_600)) },
                HealthPages.Check("well") {},
            ], limitMilliseconds: 50)
        let answer = await pages.ready()
        #expect(answer.status == .serviceUnavailable)
        #expect(
            String(decoding: answer.body, as: UTF8.self)
                == #"{"status":"not_ready","broken":"failing","hanging":"failing","well":"ok"}"#)
    }
}
