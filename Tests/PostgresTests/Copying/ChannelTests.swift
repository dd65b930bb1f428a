import Foundation
import Synchronization
import Testing

@testable import Postgres

@Suite struct ChannelTests {
    @Test func `a sender is never more than the bound ahead of its reader`() async throws {
        let channel = ChunkChannel(limit: 2)
        let counts = SharedCount()
        Thread.detachNewThread {
            for n in 0..<5 {
                guard (try? channel.send([UInt8(n)])) != nil else { return }
                counts.increment()
            }
            channel.finish()
        }
        try await until("the channel is full") { counts.value == 2 }
        #expect(try await channel.next() == [0])
        try await until("there is room for one more") { counts.value == 3 }
        var rest: [UInt8] = []
        while let chunk = try await channel.next() { rest += chunk }
        #expect(rest == [1, 2, 3, 4])
        #expect(!channel.abandon(), "it has ended already")
    }

    @Test func `a sender that waits for room learns that its reader left`() async throws {
        let channel = ChunkChannel(limit: 1)
        let refused = SharedCount()
        Thread.detachNewThread {
            while (try? channel.send([1])) != nil {}
            refused.increment()
        }
        #expect(try await channel.next() == [1])
        #expect(channel.abandon())
        try await until("the sender gives up") { refused.value == 1 }
        await #expect(throws: CancellationError.self) { try await channel.next() }
    }

    @Test func `what was sent before an error is still read`() async throws {
        struct Broken: Error {}
        let channel = ChunkChannel(limit: 4)
        try channel.send([1])
        channel.finish(Broken())
        #expect(try await channel.next() == [1])
        await #expect(throws: Broken.self) { try await channel.next() }
    }
}

private final class SharedCount: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func increment() { count.add(1, ordering: .sequentiallyConsistent) }
}
