/// Makes a failing script as short as it can: the same kind of difference, with lines left out and made simpler.
package struct Shrinker {
    private let deciding: Deciding
    private let likeness: String

    package init(_ difference: Difference, deciding: Deciding = .engine) {
        likeness = difference.likeness
        self.deciding = deciding
    }

    /// The shortest script found, with the difference that it ends in.
    package func shrink(_ lines: [Line]) -> (lines: [Line], difference: Difference)? {
        guard fails(lines) else { return nil }
        var best = lines
        while true {
            let before = best
            best = simplified(without(best))
            if best == before { break }
        }
        guard let difference = difference(best) else { return nil }
        return (best, difference)
    }

    /// Delta debugging: leaves out half, then quarters, then single lines, as long as it still fails.
    private func without(_ lines: [Line]) -> [Line] {
        var best = lines
        var size = max(1, best.count / 2)
        while true {
            var start = 0
            var hasShrunk = false
            while start < best.count {
                let range = start..<min(start + size, best.count)
                if let fewer = leavingOut(range, of: best).first(where: fails) {
                    best = fewer
                    hasShrunk = true
                } else {
                    start += size
                }
            }
            if size > 1 { size /= 2 } else if !hasShrunk { return best }
        }
    }

    /// The lines without some of them: as they are, and with the next group smaller by what no longer waits for it, so
    /// that those who are left stay in their groups.
    private func leavingOut(_ range: Range<Int>, of lines: [Line]) -> [[Line]] {
        var fewer = lines
        fewer.removeSubrange(range)
        let missing = lines[range].count { if case .ask = $0 { true } else { false } }
        let next = fewer.indices.dropFirst(range.lowerBound).first { fewer[$0].groupSize != nil }
        guard missing > 0, let next, let size = fewer[next].groupSize else { return [fewer] }
        var smaller = fewer
        smaller[next] = .commit(max(1, size - missing))
        return [fewer, smaller]
    }

    private func simplified(_ lines: [Line]) -> [Line] {
        var best = lines
        for place in best.indices {
            for simpler in best[place].simpler {
                var candidate = best
                candidate[place] = simpler
                if fails(candidate) { best = candidate }
            }
        }
        return best
    }

    private func fails(_ lines: [Line]) -> Bool { difference(lines)?.likeness == likeness }

    private func difference(_ lines: [Line]) -> Difference? {
        var run = Run(deciding: deciding)
        do throws(Difference) {
            try run.play(lines)
            return nil
        } catch {
            return error
        }
    }
}

extension Campaign.Finding {
    /// What to print: the difference, and the shortest script found that shows it. All of it can be played again.
    package func shrunk(deciding: Deciding = .engine) -> String {
        guard let short = Shrinker(difference, deciding: deciding).shrink(lines) else {
            return "# \(difference)\n# this does not come again: \(lines.count) lines of script \(script)"
        }
        return """
            # DIFFERENCE in script \(script) of seed \(seed): \(difference)
            # the shortest script found, \(short.lines.count) lines of \(lines.count)
            \(short.lines.map(\.description).joined(separator: "\n"))
            # \(short.difference)
            """
    }
}
