public import Catalog

/// What applying a file did, or in a dry run would do.
public struct ApplyReport: Sendable, Hashable {
    public let isDryRun: Bool
    /// One line per change: the catalogue's, then those of the people who buy from it.
    public let lines: [ChangeLine]
    /// What the file says and nothing was done about.
    public let warnings: [String]
    /// Keys that were made: this is the only time that they can be seen. Empty in a dry run.
    public let generatedKeys: [GeneratedKey]

    public init(isDryRun: Bool, lines: [ChangeLine], warnings: [String], generatedKeys: [GeneratedKey]) {
        self.isDryRun = isDryRun
        self.lines = lines
        self.warnings = warnings
        self.generatedKeys = generatedKeys
    }

    /// The same report with one more warning.
    func warning(_ warning: String) -> ApplyReport {
        ApplyReport(
            isDryRun: isDryRun, lines: lines, warnings: warnings + [warning], generatedKeys: generatedKeys)
    }

    public var createdCount: Int { count(.create) }
    public var changedCount: Int { count(.change) }
    public var deactivatedCount: Int { count(.deactivate) }

    private func count(_ sign: ChangeLine.Sign) -> Int {
        lines.count { $0.sign == sign }
    }
}

/// A key that was made for a customer whose file left it out.
public struct GeneratedKey: Sendable, Hashable {
    /// The tenant's slug.
    public let tenant: String
    /// The customer's e-mail address.
    public let customer: String
    public let dialect: DialectName
    public let key: String
}
