import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("What exports that were killed leave")
struct PartialExportTests {
    /// The number of a process that was there and is not any more.
    private static func deadProcess() async throws -> pid_t {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        return process.processIdentifier
    }

    @Test func `the next export to the folder removes what dead ones have left, and nothing else`()
        async throws
    {
        try await withEmbeddedFolder { folder in
            let dead = try await Self.deadProcess()
            let left = [".orders.csv.partial-\(dead)", ".a b.partial-\(dead)", ".x.csv.partial-\(getpid())"]
            let kept = [
                ".orders.csv.partial-1", ".locked.csv.partial-\(dead)", "orders.csv.partial-\(dead)",
                ".partial-\(dead)", ".orders.csv.partial-\(dead)x", ".orders.csv.partial-0\(dead)",
                ".orders.csv.partial-", "orders.csv",
            ]
            for name in left + kept {
                #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data("x".utf8)))
            }
            // Written in another container, say, where processes are numbered apart.
            let lock = open("\(folder)/.locked.csv.partial-\(dead)", O_RDONLY)
            try #require(lock >= 0 && flock(lock, LOCK_EX) == 0)
            defer { close(lock) }

            let file = try ExportFile("\(folder)/new.csv")
            #expect(try Self.names(folder) == Set(kept + [".new.csv.partial-\(getpid())"]))
            // What is being written stays, whoever else begins.
            let other = try ExportFile("\(folder)/other.csv")
            try file.write(Array("whole".utf8))
            try file.end()
            try other.end()
            #expect(try Self.names(folder) == Set(kept + ["new.csv", "other.csv"]))
            #expect(try String(contentsOfFile: "\(folder)/new.csv", encoding: .utf8) == "whole")
        }
    }

    private static func names(_ folder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder))
    }
}
