import Foundation
import TestSupport
import Testing

/// Tests/python/month against a server as `tollgate up` runs it; to read by hand: `make month`.
@Suite("A month in the life", .serialized)
struct MonthTests {
    @Test
    func
        `a sandbox is lived through from midnight to midnight, and books kept beside it agree with every answer`()
        async throws
    {
        try await withEmbeddedFolder { folder in
            try await Python.run(
                [
                    "\(TestPaths.repository)/Tests/python/month", "--tollgate", Tollgate.path,
                    "--catalogue", TestPaths.fixture("month.yaml"), "--data", folder,
                ], needing: "zoneinfo")
        }
    }
}
