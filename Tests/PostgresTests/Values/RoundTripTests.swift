import Postgres
import Primitives
import Testing

@Suite struct RoundTripTests {
    /// Sends a value through the server and back, with the server's text of it on the way.
    private func expect<T: Bindable & Readable & Equatable>(
        _ value: T, _ cast: String, reads text: String?, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let connection = try await Scratch().connect()
        let row = try connection.query(
            Statement("SELECT $1::\(cast), $1::\(cast)::text", [value]))[0]
        #expect(try row.get(0, as: T.self) == value, sourceLocation: sourceLocation)
        #expect(try row.get(1, as: String?.self) == text, sourceLocation: sourceLocation)
    }

    @Test func `integers keep their limits`() async throws {
        try await expect(Int64.max, "int8", reads: "9223372036854775807")
        try await expect(Int64.min, "int8", reads: "-9223372036854775808")
        try await expect(Int32.min, "int4", reads: "-2147483648")
        try await expect(Int16.max, "int2", reads: "32767")
        try await expect(-1, "int8", reads: "-1")
        try await expect(UInt8.max, "int2", reads: "255")
    }

    @Test func `texts, flags and fractions come back`() async throws {
        try await expect("", "text", reads: "")
        try await expect("Grüße, 世界 'quoted' \\ \"", "text", reads: "Grüße, 世界 'quoted' \\ \"")
        try await expect(true, "bool", reads: "true")
        try await expect(false, "bool", reads: "false")
        try await expect(0.1, "float8", reads: "0.1")
    }

    @Test func `bytes are bytea and not small integers`() async throws {
        try await expect([0, 1, 0x5C, 0xFF] as [UInt8], "bytea", reads: "\\x00015cff")
        try await expect([] as [UInt8], "bytea", reads: "\\x")
        try await expect([[1], []] as [[UInt8]], "bytea[]", reads: "{\"\\\\x01\",\"\\\\x\"}")
    }

    @Test func `identifiers are uuids, most significant bits first`() async throws {
        let bits = IdentifierBits(high: 0x0123_4567_89ab_7def, low: 0x8123_4567_89ab_cdef)
        try await expect(bits, "uuid", reads: "01234567-89ab-7def-8123-456789abcdef")
        try await expect(OrderID(bits: bits), "uuid", reads: "01234567-89ab-7def-8123-456789abcdef")
        try await expect(TenantID(42), "int8", reads: "42")
    }

    @Test func `json keeps its value`() async throws {
        let connection = try await Scratch().connect()
        let row = try connection.query("SELECT \(JSONB(#"{"b": 1,"a":[true,null]}"#)), '[1]'::json")[0]
        #expect(try row.get(0, as: JSONB.self).text == #"{"a": [true, null], "b": 1}"#)
        #expect(try row.get(0, as: String.self) == #"{"a": [true, null], "b": 1}"#)
        #expect(try row.get(1, as: JSONB.self).text == "[1]")
    }

    @Test func `nulls come back as nil`() async throws {
        try await expect(Int64?.none, "int8", reads: nil)
        try await expect(Int64?.some(5), "int8", reads: "5")
        try await expect(Instant?.none, "timestamptz", reads: nil)
        try await expect([String]?.none, "text[]", reads: nil)
        try await expect(OrderID?.none, "uuid", reads: nil)
    }

    @Test func `arrays come back, empty ones and those with nulls too`() async throws {
        try await expect(
            [1, .max, .min] as [Int64], "int8[]", reads: "{1,9223372036854775807,-9223372036854775808}")
        try await expect([] as [Int64], "int8[]", reads: "{}")
        try await expect([1, nil, 3] as [Int64?], "int8[]", reads: "{1,NULL,3}")
        try await expect([7] as [Int32], "int4[]", reads: "{7}")
        try await expect([7, -7] as [Int16], "int2[]", reads: "{7,-7}")
        try await expect(["a", "", "NULL", "ü,\""], "text[]", reads: #"{a,"","NULL","ü,\""}"#)
        try await expect([nil, "x"] as [String?], "text[]", reads: "{NULL,x}")
        try await expect([true, nil] as [Bool?], "bool[]", reads: "{t,NULL}")
        try await expect([TenantID(1), TenantID(2)], "int8[]", reads: "{1,2}")
        let id = OrderID(bits: IdentifierBits(high: 1, low: 2))
        try await expect(
            [id, nil] as [OrderID?], "uuid[]", reads: "{00000000-0000-0001-0000-000000000002,NULL}")
        try await expect([JSONB("1"), JSONB("{}")], "jsonb[]", reads: "{1,\"{}\"}")
        try await expect([Instant(milliseconds: 0)], "timestamptz[]", reads: "{\"1970-01-01 00:00:00+00\"}")
        try await expect([0.5], "float8[]", reads: "{0.5}")
    }

    @Test(
        arguments: [
            (-62_135_596_800_000, "0001-01-01 00:00:00+00"), (-1, "1969-12-31 23:59:59.999+00"),
            (0, "1970-01-01 00:00:00+00"), (946_684_799_999, "1999-12-31 23:59:59.999+00"),
            (946_684_800_000, "2000-01-01 00:00:00+00"), (1_769_860_800_123, "2026-01-31 12:00:00.123+00"),
            (253_402_300_799_999, "9999-12-31 23:59:59.999+00"),
        ] as [(Int64, String)])
    func `instants are the same moment on both sides`(milliseconds: Int64, text: String) async throws {
        try await expect(Instant(milliseconds: milliseconds), "timestamptz", reads: text)
    }

    enum Kind: String, ArrayBindable, Readable, Equatable { case purchase, refund }

    @Test func `an enumeration is its raw value`() async throws {
        try await expect(Kind.refund, "text", reads: "refund")
        try await expect([Kind.refund, .purchase], "text[]", reads: "{refund,purchase}")
        try await expect(Kind?.none, "text", reads: nil)
    }
}
