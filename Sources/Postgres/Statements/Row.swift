/// One row of a result.
public struct Row {
    let result: ResultSet
    /// The row's place in the result.
    public let index: Int

    /// Reads a column by its place; NULL needs an optional type.
    public func get<T: Readable>(_ column: Int, as type: T.Type = T.self) throws -> T {
        try result.read(index, column, as: type)
    }

    /// Reads a column by its name; NULL needs an optional type.
    public func get<T: Readable>(_ column: String, as type: T.Type = T.self) throws -> T {
        try result.read(index, try result.column(column), as: type)
    }
}
