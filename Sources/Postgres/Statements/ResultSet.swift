internal import CLibPQ

/// The rows that a statement answered with; confined, like its connection, to one thread.
public final class ResultSet {
    private let handle: OpaquePointer
    let statement: String
    /// How many rows there are.
    public let count: Int

    init(_ handle: OpaquePointer, statement: String) {
        self.handle = handle
        self.statement = statement
        count = Int(PQntuples(handle))
    }

    deinit {
        PQclear(handle)
    }

    /// How many rows the statement inserted, updated, deleted, selected or copied.
    public var affected: Int { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// The names of the columns, in order.
    public var columnNames: [String] {
        (0..<PQnfields(handle)).map { String(cString: PQfname(handle, $0)) }
    }

    /// The index of a column, by its exact name.
    public func column(_ name: String) throws -> Int {
        // PQfnumber would fold an unquoted name to lower case.
        for index in 0..<PQnfields(handle) where name == String(cString: PQfname(handle, index)) {
            return Int(index)
        }
        throw PostgresError(
            message: "the result has no column \(name), only \(columnNames.joined(separator: ", "))",
            statement: statement
        )
    }

    func read<T: Readable>(_ row: Int, _ column: Int, as type: T.Type) throws -> T {
        precondition(column >= 0 && column < Int(PQnfields(handle)), "the result has no column \(column)")
        let row = Int32(row)
        let index = Int32(column)
        if PQgetisnull(handle, row, index) == 1 {
            guard let null = T.fromNull else {
                throw failure(index, "is NULL, which \(T.self) does not take")
            }
            return null
        }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(handle, row, index), count: Int(PQgetlength(handle, row, index))
        )
        do {
            return try T.read(oid: PQftype(handle, index), bytes: bytes)
        } catch {
            throw failure(index, "cannot be read: \(error)")
        }
    }

    private func failure(_ column: Int32, _ problem: String) -> PostgresError {
        PostgresError(
            message: "column \(String(cString: PQfname(handle, column))) \(problem)", statement: statement
        )
    }
}

extension ResultSet: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(row: Int) -> Row {
        precondition(row >= 0 && row < count, "the result has \(count) rows, none at \(row)")
        return Row(result: self, index: row)
    }
}

@available(*, unavailable)
extension ResultSet: Sendable {}
