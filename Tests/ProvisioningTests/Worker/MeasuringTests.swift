import Primitives
import TestSupport
import Testing

@testable import Provisioning

@Suite("Counting the stock", .database)
struct MeasuringTests {
    @Test func `a count that takes long keeps no cycle waiting and is not begun twice`() async throws {
        try await withDatabase { database in
            let world = try await World(database)
            let worker = world.makeWorker()
            try await world.work(worker)
            await worker.memory.measuring?.value
            let first = try #require(await worker.memory.measuredAt)
            let counted = Gate()
            await worker.measureLong(until: counted)

            world.clock.advance(milliseconds: 15_000)
            _ = try await worker.cycle(now: world.now)
            #expect(await worker.memory.measuredAt == first)

            counted.open()
            await worker.memory.measuring?.value
            _ = try await worker.cycle(now: world.now)
            #expect(await worker.memory.measuredAt == world.now)
            await worker.memory.measuring?.value
        }
    }
}

extension ProvisioningWorker {
    /// A count under way that lasts until somebody says so.
    fileprivate func measureLong(until counted: Gate) {
        memory.measuring = Task {
            await counted.wait()
            memory.measuring = nil
        }
    }
}
