import Catalog
import Primitives
import Provisioning
import TestSupport
import Testing

@Suite("Desired state")
struct DesiredStateTests {
    private let gateway: GatewayID
    private let slots: [SlotID]
    private let shape = GatewayShape(host: "h", protocols: ["http"])
    private let secret = SlotSecret(password: "p_secret", vlessUUID: "u", shadowsocksKey: "k")

    init() {
        let identifiers = SequentialIdentifiers()
        gateway = identifiers.next(at: ManualClock.start)
        slots = (0..<3).map { _ in identifiers.next(at: ManualClock.start) }
    }

    private func slot(_ index: Int, _ revision: Int64, _ access: SlotAccess = .blocked) -> DesiredSlot {
        DesiredSlot(
            slot: slots[index], revision: revision, port: Int32(100 + index), username: "u\(index)",
            secret: secret,
            access: access, expiresAt: access == .open ? ManualClock.start : nil
        )
    }

    private func change(_ since: Int64, _ version: Int64, _ slots: [DesiredSlot]) -> DesiredChange {
        DesiredChange(gateway: gateway, since: since, version: version, shape: shape, slots: slots)
    }

    @Test func `a change that comes late takes nothing back`() {
        var state = DesiredState(gateway: gateway, version: 1, shape: shape, slots: [slot(0, 1), slot(1, 1)])
        state.apply(change(2, 3, [slot(0, 3, .open)]))
        state.apply(change(1, 2, [slot(0, 2, .absent), slot(1, 2, .open)]))

        #expect(state.version == 3)
        #expect(state.slots[slots[0]]?.access == .open)
        #expect(state.slots[slots[1]]?.access == .open)
    }

    @Test func `the same change twice is the same as once`() {
        var once = DesiredState(gateway: gateway, version: 1, shape: shape, slots: [slot(0, 1)])
        once.apply(change(1, 2, [slot(0, 2, .open)]))
        var twice = once
        twice.apply(change(1, 2, [slot(0, 2, .open)]))
        #expect(once == twice)
    }

    @Test func `the same state renders to the same bytes, however it came about`() {
        let straight = DesiredState(
            gateway: gateway, version: 3, shape: shape, slots: [slot(2, 3), slot(0, 3, .open), slot(1, 2)])
        var stepwise = DesiredState(gateway: gateway, version: 1, shape: shape, slots: [slot(0, 1)])
        stepwise.apply(change(1, 2, [slot(1, 2)]))
        stepwise.apply(change(2, 3, [slot(0, 3, .open), slot(2, 3)]))

        #expect(straight.plainArtifacts == stepwise.plainArtifacts)
        #expect(straight.plainArtifacts.hash.count == 64)
    }

    @Test func `whatever a gateway would do differently changes the hash`() {
        let base = DesiredState(gateway: gateway, version: 1, shape: shape, slots: [slot(0, 1)])
        var variants = [base.plainArtifacts.hash]
        var (listed, limited, nl, hourly) = (slot(0, 1), slot(0, 1), slot(0, 1), slot(0, 1))
        listed.allowedSources = [SourceAddress(rawValue: "192.0.2.1")!]
        limited.threads = 1
        nl.exit = Exit(country: ExitCountry(rawValue: "nl")!, rotation: .perConnection)
        hourly.exit = Exit(country: ExitCountry(rawValue: "nl")!, rotation: .every(minutes: 60))
        for changed in [
            slot(0, 1, .open), slot(0, 1, .absent), slot(1, 1), listed, limited, nl, hourly,
        ] {
            variants.append(
                DesiredState(gateway: gateway, version: 1, shape: shape, slots: [changed]).plainArtifacts.hash
            )
        }
        var moved = base
        moved.shape.vlessPort = 443
        variants.append(moved.plainArtifacts.hash)
        #expect(Set(variants).count == variants.count)
    }

    @Test func `artifacts are not printed`() {
        let artifacts = DesiredState(gateway: gateway, version: 1, shape: shape, slots: [slot(0, 1)])
            .plainArtifacts
        var dumped = ""
        dump(artifacts, to: &dumped)
        #expect(artifacts.files.values.contains { String(decoding: $0, as: UTF8.self).contains("p_secret") })
        #expect(!"\(artifacts) \(String(reflecting: artifacts)) \(dumped)".contains("p_secret"))
    }

    @Test(arguments: [(-1, true), (0, false), (1, false)])
    func `a gateway closes an open slot at its end by itself`(_ offset: Int64, _ isOpen: Bool) {
        let at = Instant(milliseconds: ManualClock.start.milliseconds + offset)
        #expect(slot(0, 1, .open).isOpen(at: at) == isOpen)
        #expect(!slot(0, 1, .blocked).isOpen(at: at))
    }
}
