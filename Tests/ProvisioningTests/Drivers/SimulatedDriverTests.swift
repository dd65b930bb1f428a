import Catalog
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("The simulated gateway")
struct SimulatedDriverTests {
    private let driver: SimulatedDriver
    private let open: DesiredSlot
    private let gateway: GatewayID
    private let t0 = ManualClock.start
    private var later: Instant { Instant(milliseconds: t0.milliseconds + 60_000) }

    init() {
        let identifiers = SequentialIdentifiers()
        gateway = identifiers.next(at: ManualClock.start)
        driver = SimulatedDriver(gateway: gateway)
        open = DesiredSlot(
            slot: identifiers.next(at: ManualClock.start), revision: 1, port: 101, username: "u",
            secret: SlotSecret(password: "p", vlessUUID: "v", shadowsocksKey: "k"), access: .open,
            expiresAt: Instant(milliseconds: ManualClock.start.milliseconds + 60_000)
        )
    }

    private func change(since: Int64 = 0, _ version: Int64, _ slots: [DesiredSlot]) -> DesiredChange {
        DesiredChange(
            gateway: gateway, since: since, version: version,
            shape: GatewayShape(host: "h", protocols: ["http"]), slots: slots
        )
    }

    @Test func `it lets the right credentials through until the end`() async throws {
        _ = try await driver.apply(change(1, [open]))

        #expect(driver.accepts(port: 101, username: "u", password: "p", at: t0))
        #expect(driver.accepts(vlessUUID: "v", at: t0))
        #expect(!driver.accepts(port: 101, username: "u", password: "q", at: t0))
        #expect(!driver.accepts(port: 102, username: "u", password: "p", at: t0))
        #expect(!driver.accepts(port: 101, username: "u", password: "p", at: later))
        #expect(!driver.accepts(vlessUUID: "v", at: later))
    }

    @Test func `it lets listed addresses in without credentials, while the port is open`() async throws {
        let (home, other) = (SourceAddress(rawValue: "192.0.2.1")!, SourceAddress(rawValue: "192.0.2.2")!)
        var slot = open
        slot.allowedSources = [home]
        _ = try await driver.apply(change(1, [slot]))
        #expect(driver.accepts(port: 101, from: home, at: t0))
        #expect(!driver.accepts(port: 101, from: other, at: t0))
        #expect(!driver.accepts(port: 102, from: home, at: t0))
        #expect(!driver.accepts(port: 101, from: home, at: later))
        slot.revision = 2
        slot.allowedSources = []
        _ = try await driver.apply(change(since: 1, 2, [slot]))
        #expect(!driver.accepts(port: 101, from: home, at: t0))
    }

    @Test func `it opens as many connections as there are threads, each with an exit of its own if so told`()
        async throws
    {
        var slot = open
        slot.threads = 2
        slot.exit = Exit(country: ExitCountry(rawValue: "nl")!, rotation: .perConnection)
        _ = try await driver.apply(change(1, [slot]))
        let opened = (0..<3).map { _ in driver.use(port: 101, bytesUp: 1, bytesDown: 1, at: t0) }
        #expect(opened == [true, true, false])
        #expect(driver.exit(of: slot.slot) == 2)
        try await driver.closeConnections([slot.slot])
        #expect(driver.use(port: 101, bytesUp: 1, bytesDown: 1, at: t0))
    }

    @Test func `it refuses a change that starts beyond what it has`() async throws {
        await #expect(throws: GatewayProblem.outOfStep(has: 0)) {
            try await driver.apply(change(since: 4, 5, []))
        }
        _ = try await driver.apply(change(4, [open]))
        #expect(try await driver.apply(change(since: 4, 5, [])).version == 5)
    }

    @Test func `it does as its mood commands`() async throws {
        driver.mood = .refusing("no")
        await #expect(throws: GatewayProblem.refused("no")) { try await driver.apply(change(1, [open])) }
        driver.mood = .dyingAfterwards
        await #expect(throws: GatewayProblem.unreachable("it died")) {
            try await driver.apply(change(1, [open]))
        }
        #expect(
            !driver.accepts(port: 101, username: "u", password: "p", at: t0), "a dead gateway serves nobody")
        driver.mood = .willing
        #expect(
            driver.accepts(port: 101, username: "u", password: "p", at: t0),
            "but it had done what it was asked")
        driver.restart()
        #expect(!driver.accepts(port: 101, username: "u", password: "p", at: t0))
    }

    @Test func `it tells what was used once per cursor, and of a gap after a restart`() async throws {
        _ = try await driver.apply(change(1, [open]))
        #expect(driver.use(port: 101, bytesUp: 1, bytesDown: 2, at: t0))
        let first = try await driver.usage(since: nil)
        #expect(driver.use(port: 101, bytesUp: 3, bytesDown: 4, at: t0))
        let second = try await driver.usage(since: first.next)
        driver.restart()
        let third = try await driver.usage(since: second.next)

        #expect(first.deltas.map(\.bytesUp) == [1] && second.deltas.map(\.bytesUp) == [3])
        #expect(!first.hasGap && !second.hasGap && third.hasGap && third.deltas.isEmpty)
        #expect(!driver.use(port: 101, bytesUp: 1, bytesDown: 1, at: t0), "blocked ports carry nothing")
    }
}
