import Primitives
import Synchronization
import Testing

@testable import Postgres

@Suite struct PoolTransactionTests {
    private struct Refused: Error {}

    private final class TickingClock: WallClock {
        private let reads = Atomic<Int64>(0)
        func now() -> Instant { Instant(milliseconds: reads.add(1, ordering: .relaxed).newValue) }
    }

    private static let tenantSetting: Statement = "SELECT current_setting('tollgate.tenant', true)"

    @Test func `a transaction commits, or leaves nothing`() async throws {
        let pool = try await Scratch("CREATE TABLE t (n int8)").pool()
        await #expect(throws: Refused.self) {
            try await pool.transaction(tenant: nil) { transaction in
                _ = try transaction.query("INSERT INTO t VALUES (1)")
                throw Refused()
            }
        }
        try await pool.transaction(tenant: nil) { _ = try $0.pipeline(["INSERT INTO t VALUES (2)"]) }
        #expect(
            try await pool.run { try $0.query("SELECT n FROM t").map { try $0.get(0, as: Int.self) } } == [2])
        await pool.close()
    }

    @Test
    func `a snapshot sees one moment of its tenant, whatever is committed meanwhile, and writes nothing`()
        async throws
    {
        let scratch = try await Scratch("CREATE TABLE t (n int8); INSERT INTO t VALUES (1)")
        let pool = scratch.pool(threads: 1)
        let count: Statement = "SELECT count(*) FROM t"
        let seen: [Int] = try await pool.snapshot(tenant: TenantID(7)) { transaction in
            #expect(try transaction.query(Self.tenantSetting)[0].get(0, as: String.self) == "7")
            let before: Int = try transaction.query(count)[0].get(0)
            try scratch.connect().execute("INSERT INTO t VALUES (2)")
            return [before, try transaction.query(count)[0].get(0)]
        }
        #expect(seen == [1, 1])
        let error = await #expect(throws: PostgresError.self) {
            try await pool.snapshot(tenant: TenantID(7)) {
                _ = try $0.query("INSERT INTO t VALUES (3)").count
            }
        }
        #expect(error?.sqlState == .readOnlyTransaction)
        await pool.close()
    }

    @Test func `one instant lasts from begin to commit`() async throws {
        let pool = try await Scratch().pool(clock: TickingClock())
        let seen = try await pool.transaction(tenant: nil) { [$0.now, $0.now] }
        #expect(seen == [Instant(milliseconds: 1), Instant(milliseconds: 1)])
        #expect(try await pool.transaction(tenant: nil) { $0.now } == Instant(milliseconds: 2))
        await pool.close()
    }

    @Test func `the tenant is set for the transaction and gone after it`() async throws {
        let pool = try await Scratch().pool(threads: 1)
        let inside: String = try await pool.transaction(tenant: TenantID(7)) {
            try $0.query(Self.tenantSetting)[0].get(0)
        }
        #expect(inside == "7")
        let read: String = try await pool.read(tenant: TenantID(8), Self.tenantSetting) { try $0[0].get(0) }
        #expect(read == "8")
        let outside: String? = try await pool.run { try $0.query(Self.tenantSetting)[0].get(0) }
        #expect(outside ?? "" == "")
        await pool.close()
    }

    @Test func `row-level security shows a tenant its own rows and nobody else's`() async throws {
        let scratch = try await Scratch(
            """
            CREATE TABLE notes (tenant_id int8, note text);
            INSERT INTO notes VALUES (1, 'alba'), (2, 'brio');
            ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON notes USING
                (tenant_id = NULLIF(current_setting('tollgate.tenant', true), '')::int8);
            DROP ROLE IF EXISTS notes_reader;
            CREATE ROLE notes_reader NOLOGIN;
            GRANT SELECT ON notes TO notes_reader;
            DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO notes_reader', current_schema()); END $$
            """
        )
        let pool = scratch.pool { $0.role = "notes_reader" }
        let notes = { @Sendable (result: ResultSet) in try result.map { try $0.get("note", as: String.self) }
        }
        #expect(try await pool.read(tenant: TenantID(1), "SELECT note FROM notes", notes) == ["alba"])
        #expect(try await pool.read(tenant: TenantID(2), "SELECT note FROM notes", notes) == ["brio"])
        #expect(try await pool.run { try notes($0.query("SELECT note FROM notes")) }.isEmpty)
        await pool.close()
    }

    @Test func `a read is one round trip and a transaction adds two to its body`() async throws {
        let pool = try await Scratch().pool(threads: 1)
        let trace = WireTrace()
        try await pool.run { trace.start(on: $0) }
        #expect(try await pool.read(tenant: TenantID(1), "SELECT 5") { try $0[0].get(0) } == 5)
        #expect(try await pool.run { trace.stop(on: $0) } == 1)

        let second = WireTrace()
        try await pool.run { second.start(on: $0) }
        try await pool.transaction(tenant: TenantID(1)) { _ = try $0.query("SELECT 5") }
        #expect(try await pool.run { second.stop(on: $0) } == 3)
        await pool.close()
    }

    @Test func `a read cannot write, and its failure leaves the connection clean`() async throws {
        let pool = try await Scratch("CREATE TABLE t (n int8)").pool(threads: 1)
        let error = await #expect(throws: PostgresError.self) {
            try await pool.read(tenant: TenantID(1), "INSERT INTO t VALUES (1)") { _ in }
        }
        #expect(error?.sqlState == .readOnlyTransaction)
        #expect(error?.pipelineIndex == nil)
        await #expect(throws: Refused.self) {
            try await pool.read(tenant: TenantID(1), "SELECT 1") { _ in throw Refused() }
        }
        #expect(try await pool.run { $0.isInTransaction } == false)
        await pool.close()
    }

    /// Behind pgbouncer the next transaction may get a session that a stranger has used.
    @Test func `without prepared statements the settings travel with the transaction`() async throws {
        let scratch = try await Scratch()
        let pool = scratch.pool(threads: 1) {
            $0.usesPreparedStatements = false
            $0.statementTimeoutMilliseconds = 7_777
        }
        let timeout: Statement = "SELECT current_setting('statement_timeout')"
        #expect(try await pool.transaction(tenant: nil) { try $0.query(timeout)[0].get(0) } == "7777ms")
        #expect(try await pool.read(tenant: TenantID(1), timeout) { try $0[0].get(0) } == "7777ms")
        #expect(try await pool.run { try $0.query(timeout)[0].get(0) } == "0")
        await pool.close()
    }
}
