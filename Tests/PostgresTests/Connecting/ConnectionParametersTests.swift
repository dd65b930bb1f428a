import Testing

@testable import Postgres

@Suite struct ConnectionParametersTests {
    private func value(
        _ keyword: String, _ change: (inout PostgresConfiguration) -> Void = { _ in }
    ) throws
        -> String?
    {
        var configuration = PostgresConfiguration(conninfo: "host=a,b target_session_attrs=read-write")
        change(&configuration)
        return try ConnectionParameters(configuration).keywords.last { $0.name == keyword }?.value
    }

    @Test func `session settings are flags with their blanks escaped`() throws {
        let options = try value("options") {
            $0.role = "tollgate_door"
            $0.settings["search_path"] = #"a, "b\c""#
        }
        #expect(
            options == #"""
                -c statement_timeout=30000 -c lock_timeout=10000 \#
                -c idle_in_transaction_session_timeout=60000 -c TimeZone=UTC -c role=tollgate_door \#
                -c search_path=a,\ "b\\c"
                """#
        )
    }

    /// pgbouncer refuses the parameter.
    @Test func `without prepared statements no options are sent`() throws {
        #expect(try value("options") { $0.usesPreparedStatements = false } == nil)
    }

    @Test func `the connection string wins over our defaults and not over the encoding`() throws {
        let names = try ConnectionParameters(PostgresConfiguration(conninfo: "")).keywords.map(\.name)
        let string = try #require(names.firstIndex(of: "dbname"))
        #expect(try #require(names.firstIndex(of: "connect_timeout")) < string)
        #expect(try #require(names.firstIndex(of: "tcp_user_timeout")) < string)
        #expect(try #require(names.firstIndex(of: "client_encoding")) > string)
    }
}
