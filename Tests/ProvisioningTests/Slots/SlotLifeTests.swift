import Provisioning
import Testing

@Suite("The life of a slot")
struct SlotLifeTests {
    private static let allowed: [(SlotState, SlotEvent, SlotState)] = [
        (.held, .confirmed, .ready), (.held, .renewed, .held), (.held, .retired, .retired),
        (.ready, .lent, .assigned), (.ready, .withdrawn, .held), (.ready, .retired, .retired),
        (.assigned, .released, .draining),
        (.draining, .drained, .quarantined),
        (.quarantined, .renewed, .held), (.quarantined, .retired, .retired),
        (.retired, .restored, .held),
    ]

    @Test(arguments: allowed)
    func `each event leads where it should`(_ from: SlotState, _ event: SlotEvent, _ to: SlotState) {
        #expect(SlotLife.next(from, on: event) == to)
    }

    @Test func `nothing else can happen`() {
        for state in SlotState.allCases {
            for event in SlotEvent.allCases
            where !Self.allowed.contains(where: { $0.0 == state && $0.1 == event }) {
                #expect(SlotLife.next(state, on: event) == nil, "\(state) on \(event)")
            }
        }
    }

    @Test func `a port goes round and never skips its rest`() {
        let events: [SlotEvent] = [.confirmed, .lent, .released, .drained, .renewed, .confirmed]
        var states: [SlotState] = [.held]
        for event in events { states.append(SlotLife.next(states[states.count - 1], on: event)!) }
        #expect(states == [.held, .ready, .assigned, .draining, .quarantined, .held, .ready])
    }

    @Test(arguments: SlotState.allCases)
    func `only a lent slot lets anybody through`(_ state: SlotState) {
        #expect(SlotLife.isOpen(state) == (state == .assigned))
    }
}
