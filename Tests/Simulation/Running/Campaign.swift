internal import Primitives

/// Many scripts from one seed, each with a world and a seed of its own.
package struct Campaign: Sendable {
    package let seed: UInt64
    /// How many requests all scripts together ask, at least.
    package let commands: Int
    package let linesPerScript: Int
    package let deciding: Deciding

    package init(seed: UInt64, commands: Int, linesPerScript: Int = 900, deciding: Deciding = .engine) {
        self.seed = seed
        self.commands = commands
        self.linesPerScript = linesPerScript
        self.deciding = deciding
    }

    /// What a campaign came to.
    package struct Report: Sendable {
        package var scripts = 0
        package var commands = 0
        package var sights = Sights()
        package var finding: Finding?
    }

    /// A script that the two sides do not agree about.
    package struct Finding: Sendable {
        package let seed: UInt64
        package let script: Int
        package let lines: [Line]
        package let difference: Difference
    }

    /// Plays scripts until enough was asked, or the first difference.
    package func run(from first: Int = 0, progress: (Int, Int) -> Void = { _, _ in }) -> Report {
        var report = Report()
        var script = first
        while report.commands < commands {
            progress(script, report.commands)
            report.finding = play(script, &report)
            if report.finding != nil { return report }
            script += 1
        }
        return report
    }

    private func play(_ script: Int, _ report: inout Report) -> Finding? {
        var seeds = SplitMix64(seed: seed ^ UInt64(script) &* 0x9E37_79B9_7F4A_7C15)
        var drawing = Drawing(seed: seeds.next())
        var run = Run(deciding: deciding)
        var lines: [Line] = []
        defer {
            report.scripts += 1
            report.commands += run.settled
            report.sights.add(run.sights)
        }
        do throws(Difference) {
            for line in drawing.world.lines {
                lines.append(line)
                try run.play(line)
            }
            for _ in 0..<linesPerScript {
                let line = drawing.next(run)
                lines.append(line)
                try run.play(line)
            }
            try run.finish()
            return nil
        } catch {
            return Finding(seed: seed, script: script, lines: lines, difference: error)
        }
    }
}
