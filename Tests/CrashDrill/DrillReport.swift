/// What a drill has found, as figures and as text.
public struct DrillReport: Sendable {
    public internal(set) var kills: [Drill.Victim: Int] = [:]
    /// Milliseconds from the start of what was killed to the first answer.
    public internal(set) var restarts: [Drill.Victim: [Double]] = [:]
    public internal(set) var seconds = 0.0
    public internal(set) var commands = 0
    public internal(set) var acknowledged = 0
    public internal(set) var refused = 0
    public internal(set) var lost = 0
    public internal(set) var twice = 0
    public internal(set) var half = 0
    public internal(set) var unacknowledgedCommitted = 0
    public internal(set) var unacknowledgedMissing = 0
    public internal(set) var askedAgain = 0
    public internal(set) var slotsLentTwice = 0
    public internal(set) var verified = 0
    /// Of the acknowledged: through the second door.
    public internal(set) var acknowledgedServices = 0
    public internal(set) var loggedByStopped = 0
    public internal(set) var answeredByKilled = 0
    public internal(set) var unloggedByKilled = 0
    public internal(set) var replies: [String: Int] = [:]
    /// Everything that is wrong, one line each; none in a good run.
    public internal(set) var findings: [String] = []
    private let options: Drill.Options

    init(_ options: Drill.Options) {
        self.options = options
    }

    public var isGood: Bool {
        findings.isEmpty && acknowledged > acknowledgedServices && acknowledgedServices > 0
            && loggedByStopped > 0
    }

    mutating func take(_ site: DrillSite) {
        let (notebook, tally) = (site.notebook, site.tally)
        let notes = notebook.notes
        commands = notes.count
        acknowledged = notes.count(where: \.isDone)
        acknowledgedServices = notes.count { $0.isDone && $0.command.door == .opproxy }
        refused = notes.count(where: \.isRefused)
        lost = tally.lost
        twice = tally.twice + notebook.findings.count { $0.contains("carried out again") }
        half = tally.half
        unacknowledgedCommitted = tally.committedUnacknowledged
        unacknowledgedMissing = tally.uncommittedUnacknowledged
        askedAgain = tally.askedAgain
        slotsLentTwice = notebook.slotsLentTwice
        verified = tally.verified
        loggedByStopped = tally.loggedByStopped
        (answeredByKilled, unloggedByKilled) = (tally.answeredByKilled, tally.unloggedByKilled)
        replies = notebook.statuses
        findings = notebook.findings + site.wordsOfServer()
    }
}

extension DrillReport: CustomStringConvertible {
    public var description: String {
        var lines = [
            "\(kills.values.reduce(0, +)) kills, seed \(options.seed), \(options.clients) clients, "
                + "\(Int(seconds)) s",
            "  by kind: "
                + Drill.Victim.allCases.compactMap { victim in
                    kills[victim].map { "\(victim.rawValue) \($0)" }
                }.joined(separator: ", "),
            "commands \(commands): acknowledged \(acknowledged) (\(acknowledgedServices) of them at the "
                + "second door), refused by a rule \(refused)",
            "  acknowledged and lost \(lost), twice \(twice), half \(half)",
            "  without an answer when looked at: \(unacknowledgedCommitted) committed, "
                + "\(unacknowledgedMissing) not",
            "  asked again under their key: \(askedAgain)",
            "slots lent twice \(slotsLentTwice); all invariants checked \(verified) times",
            "request log: all \(loggedByStopped) requests that a stopped server answered are in it; of "
                + "\(answeredByKilled) that a killed one answered, \(unloggedByKilled) are not",
            "from start to first answer, milliseconds (min / median / max):",
        ]
        for victim in Drill.Victim.allCases {
            guard let times = restarts[victim]?.sorted(), !times.isEmpty else { continue }
            let figures = [times[0], times[times.count / 2], times[times.count - 1]].map {
                "\(Int($0.rounded()))"
            }
            lines.append("  \(victim.rawValue): \(figures.joined(separator: " / "))")
        }
        lines.append("replies:")
        lines += replies.sorted { $0.value > $1.value }.map { "  \($0.key): \($0.value)" }
        lines.append(findings.isEmpty ? "nothing is wrong" : "\(findings.count) FINDINGS:")
        lines += findings.prefix(60).map { "  \($0)" }
        return lines.joined(separator: "\n")
    }
}
