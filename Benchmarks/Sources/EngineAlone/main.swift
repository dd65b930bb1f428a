import Billing
import Foundation
import Primitives

// The rules alone: groups of purchases by random customers of fifty tenants, decided on one core from rows that are
// there already, as they would be after the first round trip. Prints commands per second; nothing is written anywhere.

let world = World(tenants: 50, customers: 200)
let groups = (0..<64).map { world.group(of: 128, seed: UInt64($0)) }
let seconds = CommandLine.arguments.dropFirst().first.flatMap(Double.init) ?? 3

var decided = 0
var carriedOut = 0
var spent = Duration.zero
let start = ContinuousClock.now
while ContinuousClock.now - start < .seconds(seconds) {
    for group in groups {
        let from = ContinuousClock.now
        var decider = Decider(
            rows: group.rows, ids: IdentifierSequence(seed: 1), now: world.now, join: { $0 })
        let decisions = decider.decide(group.submissions)
        spent += ContinuousClock.now - from
        decided += decisions.count
        // Every answer is looked at, so that none can be left out of the work.
        for case .answered(.done) in decisions { carriedOut += 1 }
        precondition(decider.writes.entries.count == decisions.count, "every purchase is written")
    }
}
precondition(carriedOut == decided, "nothing was refused")
let (whole, rest) = spent.components
print(Int(Double(decided) / (Double(whole) + Double(rest) / 1e18)))
