internal import Postgres

/// Statements that go out together, each with what to do with its rows.
struct Reading {
    private var statements: [Statement] = []
    private var readers: [(inout GroupRows, ResultSet) throws -> Void] = []

    mutating func add(
        _ statement: @autoclosure () -> Statement, unless isEmpty: Bool = false,
        _ reader: @escaping (inout GroupRows, ResultSet) throws -> Void
    ) {
        guard !isEmpty else { return }
        statements.append(statement())
        readers.append(reader)
    }

    /// One round trip; `opening` goes first and its results are not read.
    func run(on connection: Connection, opening: [Statement] = [], into rows: inout GroupRows) throws {
        guard !statements.isEmpty || !opening.isEmpty else { return }
        let results = try connection.pipeline(opening + statements)
        for (result, reader) in zip(results.dropFirst(opening.count), readers) { try reader(&rows, result) }
    }
}
