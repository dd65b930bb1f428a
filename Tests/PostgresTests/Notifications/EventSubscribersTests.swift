import Testing

@testable import Postgres

@Suite struct EventSubscribersTests {
    /// What falls out of a full buffer may have been the one that mattered.
    @Test func `a reader that falls behind is told that something was missed`() async {
        let subscribers = EventSubscribers()
        let stream = subscribers.subscribe()
        subscribers.send(.connected)
        subscribers.send(.notification(channel: "keys", payload: "first"))
        for number in 0..<10_000 { subscribers.send(.notification(channel: "keys", payload: "\(number)")) }
        subscribers.finish()

        let events = await stream.reduce(into: []) { $0.append($1) }
        #expect(events.count <= 4_096)
        #expect(!events.contains(.notification(channel: "keys", payload: "first")))
        #expect(events.contains(.connected))
        // After the last that was lost: whoever looks then has seen everything.
        #expect(events.last == .connected)
    }

    @Test func `a reader that keeps up is told nothing of the kind`() async {
        let subscribers = EventSubscribers()
        let stream = subscribers.subscribe()
        subscribers.send(.connected)
        for number in 0..<1_000 { subscribers.send(.notification(channel: "keys", payload: "\(number)")) }
        subscribers.finish()
        #expect(await stream.reduce(into: []) { $0.append($1) }.filter { $0 == .connected }.count == 1)
    }
}
