import Primitives
import Testing

@Suite("Background work gives way in proportion to how busy others are")
struct CourtesyTests {
    private let courtesy: Courtesy
    private let start = ContinuousClock.now

    init() {
        var settings = Courtesy.Settings(restPercent: 50)
        settings.busyPerSecond = 20
        courtesy = Courtesy(settings)
    }

    @Test("Before it has looked twice it supposes that others are busy")
    func supposed() {
        #expect(courtesy.rest(after: .milliseconds(200)) == .milliseconds(100))
        courtesy.look(begun: 1_000, own: 0, at: start)
        #expect(courtesy.rest(after: .milliseconds(200)) == .milliseconds(100))
    }

    @Test(
        "It rests by the transactions of others alone",
        arguments: [
            // In one second: all that were begun, its own among them, and the rest after 200 ms at work.
            (begun: 0, own: 0, rest: 0), (begun: 500, own: 500, rest: 0), (begun: 505, own: 500, rest: 25),
            (begun: 10, own: 0, rest: 50), (begun: 20, own: 0, rest: 100),
            (begun: 9_000, own: 500, rest: 100),
            // The own ones are counted a moment before they are seen.
            (begun: 499, own: 500, rest: 0),
        ] as [(begun: Int64, own: Int64, rest: Int64)])
    func proportion(_ row: (begun: Int64, own: Int64, rest: Int64)) {
        courtesy.look(begun: 70, own: 3, at: start)
        courtesy.look(begun: 70 + row.begun, own: 3 + row.own, at: start + .seconds(1))
        #expect(courtesy.rest(after: .milliseconds(200)) == .milliseconds(row.rest))
    }

    @Test("Others who come and go are noticed at the next look, and a look too soon changes nothing")
    func changes() {
        courtesy.look(begun: 0, own: 0, at: start)
        courtesy.look(begun: 100, own: 0, at: start + .seconds(1))
        #expect(courtesy.rest(after: .seconds(1)) == .milliseconds(500))
        courtesy.look(begun: 100, own: 0, at: start + .milliseconds(1_020))
        #expect(courtesy.rest(after: .seconds(1)) == .milliseconds(500))
        courtesy.look(begun: 100, own: 0, at: start + .seconds(2))
        #expect(courtesy.rest(after: .seconds(1)) == .zero)
        courtesy.look(begun: 110, own: 0, at: start + .seconds(3))
        #expect(courtesy.rest(after: .seconds(1)) == .milliseconds(250))
    }
}
