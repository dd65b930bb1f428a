import Testing

/// The rules of the house, held against the whole repository.
@Suite("The repository keeps its rules")
struct RepositoryRuleTests {
    @Test func `there is something to look at`() throws {
        #expect(Repository.sources.count > 50)
        #expect(Repository.migrations.count == (try Repository.folders(under: "sql/migrations").count))
        #expect(Set(Repository.sources.compactMap(\.module)) == Set(ImportRule.arrows.keys))
    }

    @Test func `arrows between modules only point down`() {
        expectNothing(Repository.sources.flatMap(ImportRule.check))
    }

    @Test func `SQL stands in storage folders`() {
        expectNothing(Repository.sources.flatMap(SQLPlacementRule.check))
    }

    @Test func `no SQL asks the server for the time`() {
        expectNothing(Repository.sources.flatMap(SQLPlacementRule.checkClock))
    }

    @Test func `no float counts money or time`() {
        expectNothing(Repository.sources.flatMap(WordRule.noFloats.check))
    }

    @Test func `ids are made with the real time`() {
        expectNothing(Repository.sources.flatMap(WordRule.realTimeOfIDs.check))
    }

    @Test func `a vendor's word stops at its dialect`() {
        expectNothing(Repository.sources.flatMap(WordRule.noVendorWords.check))
    }

    @Test func `nothing is left unfinished`() {
        expectNothing(Repository.sources.flatMap(WordRule.nothingUnfinished.check))
    }

    @Test func `every file can be read in one sitting and has a name that says something`() {
        expectNothing(Repository.sources.flatMap(ShapeRule.checkLength))
        expectNothing(Repository.sources.flatMap(ShapeRule.checkName))
    }

    @Test func `migrations are numbered one after the other`() throws {
        expectNothing(ShapeRule.checkNumbers(try Repository.folders(under: "sql/migrations")))
    }

    @Test func `every constraint has a name of its own`() {
        expectNothing(MigrationRule.checkNames(Repository.migrations))
    }

    @Test func `every key and index of a tenant's table begins with the tenant`() {
        expectNothing(MigrationRule.checkKeys(Repository.migrations))
        expectNothing(MigrationRule.checkIndexes(Repository.migrations))
    }

    @Test func `every tenant's table has row-level security`() {
        expectNothing(MigrationRule.checkRowSecurity(Repository.migrations))
    }

    @Test func `migrations make no trigger, no sequence, and read no clock`() {
        expectNothing(MigrationRule.checkForbidden(Repository.migrations))
    }

    @Test(arguments: ["README.md", "CHANGELOG.md"])
    func `a document that is there has a title and something to say`(path: String) {
        guard let text = Repository.text(path) else { return }
        #expect(text.hasPrefix("# "))
        #expect(text.split(separator: "\n").count > 3)
    }

    private func expectNothing(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
        for finding in findings { Issue.record("\(finding)", sourceLocation: sourceLocation) }
    }
}
