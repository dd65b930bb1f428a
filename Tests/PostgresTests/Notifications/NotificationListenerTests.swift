import Postgres
import Testing

@Suite struct NotificationListenerTests {
    @Test func `notifications arrive in order, from every channel`() async throws {
        let scratch = try await Scratch()
        let channels = ["Orders \"new\"", "slots"].map { $0 + scratch.configuration.settings["search_path"]! }
        let listener = NotificationListener(scratch.configuration, channels: channels, logger: .silent)
        var events = listener.events().makeAsyncIterator()
        #expect(await events.next() == .connected)

        let sender = try scratch.connect()
        for n in 1...3 { _ = try sender.query("SELECT pg_notify(\(channels[n % 2]), \("payload \(n)"))") }
        for n in 1...3 {
            #expect(await events.next() == .notification(channel: channels[n % 2], payload: "payload \(n)"))
        }
        listener.close()
    }

    @Test func `a late reader is told that the listener is connected`() async throws {
        let scratch = try await Scratch()
        let listener = NotificationListener(scratch.configuration, channels: ["late"], logger: .silent)
        var early = listener.events().makeAsyncIterator()
        #expect(await early.next() == .connected)
        var late = listener.events().makeAsyncIterator()
        #expect(await late.next() == .connected)
        listener.close()
    }

    @Test func `closing ends every stream and the connection`() async throws {
        let scratch = try await Scratch()
        let name = "listener of \(scratch.configuration.settings["search_path"]!)"
        var configuration = scratch.configuration
        configuration.applicationName = name
        let listener = NotificationListener(configuration, channels: ["c"], logger: .silent)
        let events = listener.events()
        listener.close()
        #expect(await events.reduce(into: []) { $0.append($1) }.last != .connected)
        let observer = try scratch.connect()
        try await until("the connection is gone") {
            try observer.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = \(name)")[0]
                .get(0) == 0
        }
        #expect(await listener.events().first { _ in true } == nil)
    }

    @Test func `closing while there is no server ends the wait`() async throws {
        let listener = NotificationListener(
            PostgresConfiguration(conninfo: "host=/nonexistent"), channels: ["c"], logger: .silent
        )
        let events = listener.events()
        listener.close()
        #expect(await events.first { _ in true } == nil)
    }
}
