import Foundation
import TestSupport
import Testing

/// Tests/python/drill: docs/backup.md, as somebody does it who has lost the machine. By hand: `make drill`.
@Suite("Backup and restore", .serialized)
struct RestoreDrillTests {
    @Test
    func
        `from a base backup with its WAL, to a moment, and from a logical dump: every acknowledged order is there once`()
        async throws
    {
        try await withEmbeddedFolder { folder in
            try await Python.run(
                [
                    "\(TestPaths.repository)/Tests/python/drill", "--tollgate", Tollgate.path,
                    "--catalogue", TestPaths.fixture("demo.yaml"), "--data", folder,
                ], needing: "json")
        }
    }
}
