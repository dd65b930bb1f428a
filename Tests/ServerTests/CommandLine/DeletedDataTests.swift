import Foundation
import TestSupport
import Testing

@testable import Server

/// Somebody deletes what `tollgate up` stands on.
@Suite("A data directory that is deleted")
struct DeletedDataTests {
    @Test func `up says so and ends, rather than asking for its PostgreSQL for ever`() async throws {
        try await withEmbeddedFolder { folder in
            let (data, log) = ("\(folder)/data", "\(folder)/up.log")
            let up = try RunningTollgate(["up", "--data", data], output: "\(folder)/up.out", log: log)
            _ = try await up.ready()
            let postmaster = try #require(Postmaster.running(on: DataDirectory(data)))
            try FileManager.default.removeItem(atPath: data)
            // PostgreSQL looks for its lock file once a minute and ends by itself; here it is told at once.
            postmaster.tell(.immediate)
            try await eventually("the end of tollgate", within: .seconds(60)) { !up.process.isRunning }
            #expect(up.process.terminationReason == .exit && up.process.terminationStatus == 1)
            let said = try String(contentsOfFile: log, encoding: .utf8)
            #expect(said.contains("the database in \(data) was deleted or moved"), "\(said.suffix(2_000))")
        }
    }
}
