import Simulation
import Testing

@Suite("Simulation")
struct SimulationTests {
    /// A hundred and sixty thousand commands: more of them, and the counts of what was drawn, by `make simulate`.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `engine and model agree about every answer and every row`(seed: UInt64) {
        let report = Campaign(seed: seed, commands: 40_000, linesPerScript: 500).run()
        #expect(report.commands >= 40_000)
        // A campaign that has not met a refusal has not shown that the two agree about it.
        #expect(report.finding != nil || report.sights.missing.isEmpty, "\(report.sights.missing)")
        guard let finding = report.finding else { return }
        Issue.record("\(finding.shrunk())")
    }

    @Test func `a seed draws the same script again`() {
        let first = Campaign(seed: 9, commands: 500).run()
        let second = Campaign(seed: 9, commands: 500).run()
        #expect(first.sights.counts == second.sights.counts)
        #expect(first.commands == second.commands)
    }
}
