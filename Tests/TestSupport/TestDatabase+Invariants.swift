internal import Postgres
internal import SchemaFiles

/// One row of an invariant's query: something that does not hold.
public struct BrokenInvariant: Sendable, Hashable, CustomStringConvertible {
    public let invariant: String
    public let tenant: Int64
    public let problem: String

    public var description: String { "\(invariant), tenant \(tenant): \(problem)" }
}

extension TestDatabase {
    /// Runs every invariant as the owner and returns what does not hold.
    public func brokenInvariants() async throws -> [BrokenInvariant] {
        try await owner.run { connection in
            try SchemaFiles.invariants.flatMap { invariant in
                try connection.query(Statement(unsafeRaw: invariant.sql)).map { row in
                    BrokenInvariant(
                        invariant: invariant.name, tenant: try row.get("tenant_id"),
                        problem: try row.get("problem")
                    )
                }
            }
        }
    }
}
