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
                var fewer = best
                fewer.removeSubrange(start..<min(start + size, best.count))
                if fails(fewer) {
                    best = fewer
                    hasShrunk = true
                } else {
                    start += size
                }
            }
            if size > 1 { size /= 2 } else if !hasShrunk { return best }
        }
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

extension Line {
    /// The same step with less in it, one thing at a time.
    fileprivate var simpler: [Line] {
        switch self {
        case .ask(let request): request.simpler.map(Line.ask)
        case .plan(let plan): plan.simpler.map(Line.plan)
        case .coupon(let coupon): coupon.simpler.map(Line.coupon)
        case .commit(let count) where count != 1: [.commit(1)]
        case .customer(let line) where line.limit != 0:
            [.customer(CustomerLine(name: line.name, currency: line.currency, limit: 0, isOpen: line.isOpen))]
        case .books, .customer, .network, .clock, .commit, .crash, .shuffle, .expire, .restock, .relocate: []
        }
    }
}

extension Request {
    fileprivate var simpler: [Request] {
        var requests: [Request] = []
        if key != nil || by != nil { requests.append(changed { ($0.key, $0.by, $0.body) = (nil, nil, 0) }) }
        if isBroken { requests.append(changed { $0.isBroken = false }) }
        switch action {
        case .purchase(let it):
            for simpler in [
                it.changed { $0.coupon = nil }, it.changed { $0.expected = nil },
                it.changed { $0.quantity = 1 }, it.changed { ($0.country, $0.rotation) = (nil, nil) },
                it.changed { $0.repeats = 1 },
            ] where simpler != it { requests.append(changed { $0.action = .purchase(simpler) }) }
        case .renewal(let it):
            for simpler in [
                it.changed { $0.coupon = nil }, it.changed { $0.expected = nil },
                it.changed { $0.repeats = 1 },
            ] where simpler != it { requests.append(changed { $0.action = .renewal(simpler) }) }
        case .trial, .topUp, .floatTopUp, .refund, .adjustment: break
        }
        return requests
    }
}

extension PlanLine {
    fileprivate var simpler: [PlanLine] {
        [
            changed { $0.wholesale = nil }, changed { $0.trial = nil },
            changed { $0.networks = Array($0.networks.dropLast()) },
            changed { ($0.exits, $0.rotations) = ([], []) },
            changed { $0.isShared = false }, changed { $0.doors = ["gate"] }, changed { $0.isOn = true },
        ].filter { $0 != self }
    }
}

extension CouponLine {
    fileprivate var simpler: [CouponLine] {
        [
            changed { $0.limit = nil }, changed { $0.perCustomer = nil }, changed { $0.plans = nil },
            changed { $0.kinds = nil }, changed { $0.starts = nil }, changed { $0.ends = nil },
            changed { $0.minimum = nil }, changed { $0.most = nil }, changed { $0.budget = nil },
            changed { $0.isFirstOrderOnly = false },
        ].filter { $0 != self }
    }
}

private protocol Changeable {}

extension Changeable {
    fileprivate func changed(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Request: Changeable {}
extension PlanLine: Changeable {}
extension CouponLine: Changeable {}
extension Action.Purchase: Changeable {}
extension Action.Renewal: Changeable {}
