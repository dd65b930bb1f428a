import Postgres
import Primitives
import Testing

/// Each with a server of its own, because it is stopped.
@Suite struct ServerRestartTests {
    @Test func `after a restart new jobs see no error`() async throws {
        let server = try await PrivateServer()
        let pool = try await Scratch(on: server).pool(threads: 2)
        let before = try await pool.run { $0.backendPID }
        try await server.stop()
        try await server.start()
        for _ in 1...10 {
            #expect(try await pool.run { try $0.query("SELECT 1")[0].get(0) } == 1)
        }
        #expect(try await pool.run { $0.backendPID } != before)
        await pool.close()
    }

    @Test func `a job that finds no server waits for it`() async throws {
        let server = try await PrivateServer()
        let pool = try await Scratch(on: server).pool(threads: 1) { $0.unavailableAfterMilliseconds = 60_000 }
        try await pool.run { _ in }
        try await server.stop()
        async let answer = pool.read(tenant: TenantID(1), "SELECT 1") { try $0[0].get(0, as: Int.self) }
        try await until("the job was taken") { pool.waiting == 0 }
        try await server.start()
        #expect(try await answer == 1)
        await pool.close()
    }

    @Test func `an outage refuses every job once its wait is over, however many there are`() async throws {
        let server = try await PrivateServer()
        let pool = try await Scratch(on: server).pool(threads: 1) { $0.unavailableAfterMilliseconds = 300 }
        try await pool.run { _ in }
        try await server.stop()
        let began = ContinuousClock.now
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    do {
                        try await pool.run { _ in }
                        return false
                    } catch PoolError.unavailable(let underlying) {
                        return underlying is PostgresError
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(refused == 200)
        // One after the other they would wait for a minute.
        #expect(ContinuousClock.now - began < .seconds(45), "they wait together, not one after the other")
        try await server.start()
        try await until("the pool is back") { (try? await pool.run { _ in }) != nil }
        await pool.close()
    }

    @Test func `a listener reports the gap and listens again`() async throws {
        let server = try await PrivateServer()
        let listener = NotificationListener(server.configuration, channels: ["work"], logger: .silent)
        var events = listener.events().makeAsyncIterator()
        #expect(await events.next() == .connected)
        try await server.stop()
        #expect(await events.next() == .disconnected)
        try await server.start()
        #expect(await events.next() == .connected)
        try Connection(server.configuration).execute("NOTIFY work, 'again'")
        #expect(await events.next() == .notification(channel: "work", payload: "again"))
        listener.close()
    }
}
