internal import ArgumentParser
internal import Primitives

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that the books and the shelves are right; exit 1 if anything does not hold.",
        discussion: "Runs the queries of sql/invariants. They only read, and may run beside a busy server."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try await common.settings()
        let findings = try await Installation.run(settings, for: .init(command: "verify")) { installation in
            try await Schema.requireCurrent(installation.owner)
            return try await installation.owner.run { connection in
                try LedgerAudit.run(connection) { Terminal.progress("checking \($0)") }
            }
        }
        Terminal.endProgress()
        if output.json { sayJSON(findings) } else { say(findings) }
        if !findings.isEmpty { throw CommandFailure.said }
    }

    private func say(_ findings: [LedgerAudit.Finding]) {
        guard !findings.isEmpty else { return Terminal.say("all \(LedgerAudit.count) invariants hold") }
        for finding in findings {
            Terminal.say("\(finding.invariant): tenant \(finding.tenant): \(finding.problem)")
        }
        let broken = Set(findings.map(\.invariant)).count
        Terminal.complain(
            "\(broken) of \(LedgerAudit.count) invariants do not hold: \(findings.count) findings")
    }

    private func sayJSON(_ findings: [LedgerAudit.Finding]) {
        Terminal.say(
            json: [
                "holds": .bool(findings.isEmpty), "invariants": .integer(Int64(LedgerAudit.count)),
                "findings": .array(
                    findings.map { finding in
                        [
                            "invariant": .string(finding.invariant), "tenant": .integer(finding.tenant),
                            "problem": .string(finding.problem),
                        ]
                    }),
            ]
        )
    }
}
