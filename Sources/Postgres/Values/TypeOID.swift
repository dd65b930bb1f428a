/// The object ids of PostgreSQL's built-in types that this client speaks in binary.
public enum TypeOID {
    /// Let the server infer the type from the statement.
    public static let inferred: UInt32 = 0
    public static let bool: UInt32 = 16, boolArray: UInt32 = 1000
    public static let bytea: UInt32 = 17, byteaArray: UInt32 = 1001
    public static let int2: UInt32 = 21, int2Array: UInt32 = 1005
    public static let int4: UInt32 = 23, int4Array: UInt32 = 1007
    public static let int8: UInt32 = 20, int8Array: UInt32 = 1016
    public static let float8: UInt32 = 701, float8Array: UInt32 = 1022
    public static let text: UInt32 = 25, textArray: UInt32 = 1009
    public static let uuid: UInt32 = 2950, uuidArray: UInt32 = 2951
    public static let timestamptz: UInt32 = 1184, timestamptzArray: UInt32 = 1185
    public static let jsonb: UInt32 = 3802, jsonbArray: UInt32 = 3807

    // Only read, never bound.
    static let char: UInt32 = 18
    static let name: UInt32 = 19
    static let oid: UInt32 = 26
    static let json: UInt32 = 114
    static let float4: UInt32 = 700
    static let unknown: UInt32 = 705
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let numeric: UInt32 = 1700
    static let void: UInt32 = 2278

    /// Types made by `CREATE TYPE` have ids from here on; enumerations among them travel as their label.
    static let firstUserDefined: UInt32 = 16384
}
