import Testing

/// Each rule for migrations is shown a text that breaks it, and one that only looks like it.
@Suite("Rules for migrations can fail")
struct MigrationRuleTests {
    /// Keeps every rule; the tests change one thing at a time.
    static let good = """
        CREATE TABLE things (
            tenant_id bigint NOT NULL,  -- first, as ever; CHECK (nothing)
            id uuid NOT NULL,
            kind text NOT NULL DEFAULT 'a; UNIQUE (b), c',
            amount numeric(10, 2),
            CONSTRAINT things_pkey PRIMARY KEY (tenant_id, id),
            CONSTRAINT thing_kind_is_unique_per_tenant UNIQUE (tenant_id, kind),
            CONSTRAINT thing_kind_is_known CHECK (kind IN ('a', 'b') AND (id, 1) IS NOT NULL)
        ) WITH (fillfactor = 50);
        CREATE INDEX things_by_kind ON things (tenant_id, kind) WHERE kind <> 'now()';
        DO $$
        BEGIN
            FOREACH t IN ARRAY ARRAY['things'] LOOP
                EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
                EXECUTE format('CREATE POLICY p ON %I WITH CHECK (true)', t);
            END LOOP;
        END
        $$;
        """

    @Test func `a migration that keeps every rule`() {
        #expect(findings(Self.good) == [])
    }

    @Test(
        arguments: [
            ("CONSTRAINT things_pkey PRIMARY", "PRIMARY", "a constraint of things has no name", 6),
            ("CONSTRAINT thing_kind_is_known CHECK", "CHECK", "a constraint of things has no name", 8),
            ("amount numeric(10, 2)", "amount bigint UNIQUE", "a constraint of things has no name", 5),
            (
                "amount numeric(10, 2)", "owner_id uuid REFERENCES owners (id)",
                "a constraint of things has no name", 5
            ),
            (
                "amount numeric(10, 2)", "amount bigint CONSTRAINT a CHECK (amount > 0) CHECK (amount < 9)",
                "a constraint of things has no name", 5
            ),
            ("thing_kind_is_known", "things_pkey", "things_pkey is the name of another constraint too", 8),
            (
                "PRIMARY KEY (tenant_id, id)", "PRIMARY KEY (id, tenant_id)",
                "a key of things does not begin with tenant_id", 6
            ),
            ("UNIQUE (tenant_id, kind)", "UNIQUE (kind)", "a key of things does not begin with tenant_id", 7),
            ("tenant_id bigint NOT NULL", "tenant_id bigint", "things.tenant_id is not bigint NOT NULL", 2),
            (
                "tenant_id bigint NOT NULL", "tenant_id integer NOT NULL",
                "things.tenant_id is not bigint NOT NULL", 2
            ),
            ("CONSTRAINT things_pkey PRIMARY KEY (tenant_id, id),", "", "things has no primary key", 2),
            (
                "ON things (tenant_id, kind)", "ON things (kind)",
                "an index of things does not begin with tenant_id", 10
            ),
            (
                "CREATE INDEX things_by_kind ON things (",
                "CREATE UNIQUE INDEX b ON things USING btree (id, ",
                "an index of things does not begin with tenant_id", 10
            ),
            ("ARRAY['things']", "ARRAY['others']", "things has no row-level security", 2),
            ("ENABLE ROW", "DISABLE ROW", "things has no row-level security", 2),
            ("amount numeric(10, 2)", "amount bigserial", "bigserial in a migration", 1),
            (
                "amount numeric(10, 2)", "amount bigint GENERATED ALWAYS AS IDENTITY",
                "AS IDENTITY in a migration", 1
            ),
            ("amount numeric(10, 2)", "at timestamptz DEFAULT now()", "now() in a migration", 1),
            (
                "CREATE INDEX", "CREATE TRIGGER t AFTER UPDATE ON things EXECUTE FUNCTION f(); CREATE INDEX",
                "CREATE TRIGGER in a migration", 10
            ),
            (
                "'CREATE POLICY p ON %I WITH CHECK (true)'", "'CREATE TRIGGER p ON %I'",
                "CREATE TRIGGER in a migration", 11
            ),
            (
                "CREATE INDEX", "ALTER TABLE things ADD CHECK (id IS NOT NULL); CREATE INDEX",
                "a constraint is added without a name", 10
            ),
            ("CREATE INDEX", "CREATE SEQUENCE s; CREATE INDEX", "CREATE SEQUENCE in a migration", 10),
        ] as [(String, String, String, Int)])
    func `a migration that breaks one rule`(kept: String, broken: String, message: String, line: Int) {
        #expect(Self.good.contains(kept))
        let text = Self.good.replacing(kept, with: broken)
        #expect(
            findings(text) == [Finding(path: "sql/migrations/0001-a/up.sql", line: line, message: message)])
    }

    @Test func `a name that PostgreSQL would cut short`() {
        let name = String(repeating: "n", count: 64)
        #expect(
            findings(Self.good.replacing("thing_kind_is_known", with: name)).map(\.message) == [
                "\(name) is longer than 63 bytes"
            ])
        #expect(findings(Self.good.replacing("thing_kind_is_known", with: name.dropLast())) == [])
    }

    @Test func `a name is one table's only, whichever migration it stands in`() {
        let other = Self.good.replacing("TABLE things", with: "TABLE others").replacing(
            "ON things", with: "ON others"
        )
        .replacing("['things']", with: "['others']")
        let files = [Self.good, other].enumerated().map { SourceFile(path: "\($0.offset)", text: $0.element) }
        #expect(MigrationRule.checkNames(files).count == 3)
        #expect(MigrationRule.checkNames(files).allSatisfy { $0.path == "1" })
    }

    @Test func `a later migration may turn row-level security on by name`() {
        let table = "CREATE TABLE things (tenant_id bigint NOT NULL, CONSTRAINT p PRIMARY KEY (tenant_id));"
        let files = [table, "ALTER TABLE things ENABLE ROW LEVEL SECURITY;"].map {
            SourceFile(path: "x", text: $0)
        }
        #expect(MigrationRule.checkRowSecurity(Array(files[..<1])).count == 1)
        #expect(MigrationRule.checkRowSecurity(files) == [])
    }

    @Test func `tables without a tenant, and the two that find it, are not bound`() {
        let text = """
            CREATE TABLE currencies (code text NOT NULL, CONSTRAINT c PRIMARY KEY (code));
            CREATE TABLE hosts (host text NOT NULL, tenant_id bigint, CONSTRAINT h PRIMARY KEY (host));
            """
        #expect(findings(text) == [])
    }

    @Test(arguments: [
        ["0002-b"], ["0001-a", "0003-c"], ["0001-a", "0001-b"], ["1-a"], ["0001"], ["0001-"], ["0001-A"],
        ["0001_a"], ["0000-a"],
    ])
    func `folders that are not numbered one after the other`(folders: [String]) {
        #expect(ShapeRule.checkNumbers(folders).isEmpty == false)
    }

    @Test(arguments: [[], ["0001-a"], ["0002-b-c2", "0001-a"]] as [[String]])
    func `folders that are`(folders: [String]) {
        #expect(ShapeRule.checkNumbers(folders) == [])
    }

    private func findings(_ text: String) -> [Finding] {
        let file = SourceFile(path: "sql/migrations/0001-a/up.sql", text: text)
        return MigrationRule.all.flatMap { $0([file]) }
    }
}
