import Foundation
import TestSupport
import Testing

@testable import Server

@Suite("Commands on an embedded database")
struct EmbeddedAccessTests {
    private func open(_ folder: String, _ purpose: DatabaseAccess.Purpose) async throws -> DatabaseAccess {
        try await DatabaseAccess.open(.embedded(DataDirectory(folder)), for: purpose, logger: .quiet)
    }

    @Test func `a command joins the server that up runs and leaves it running`() async throws {
        try await withEmbeddedFolder { folder in
            let up = try await open(folder, .init(command: "up", mustRunServer: true, mayCreate: true))
            let verify = try await open(folder, .init(command: "verify"))
            #expect(verify.embedded == nil)
            #expect(verify.conninfo == up.conninfo)
            await verify.close()
            #expect(try up.embedded?.ask("SELECT 1") == 1)
            await up.close()
        }
    }

    @Test func `a command starts the server for itself where nobody runs it`() async throws {
        try await withEmbeddedFolder { folder in
            await (try open(folder, .init(command: "up", mustRunServer: true, mayCreate: true))).close()
            let verify = try await open(folder, .init(command: "verify"))
            #expect(try verify.embedded?.ask("SELECT 1") == 1)
            await verify.close()
            #expect(Postmaster.running(on: DataDirectory(folder)) == nil)
        }
    }

    @Test func `two commands at once take turns`() async throws {
        try await withEmbeddedFolder { folder in
            await (try open(folder, .init(command: "up", mustRunServer: true, mayCreate: true))).close()
            let answers = try await withThrowingTaskGroup(of: Int64?.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let access = try await open(folder, .init(command: "verify"))
                        let answer: Int64? = try access.embedded?.ask("SELECT 1")
                        await access.close()
                        return answer
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers == [1, 1, 1])
        }
    }

    @Test func `up is refused while up runs`() async throws {
        try await withEmbeddedFolder { folder in
            let up = try await open(folder, .init(command: "up", mustRunServer: true, mayCreate: true))
            await #expect(
                throws: EmbeddedProblem.inUse(directory: folder, by: "tollgate up (pid \(getpid()))")
            ) {
                _ = try await open(folder, .init(command: "up", mustRunServer: true, mayCreate: true))
            }
            await up.close()
        }
    }

    @Test func `a command finds nothing in a directory that up has never seen`() async throws {
        try await withEmbeddedFolder { folder in
            await #expect(throws: EmbeddedProblem.self) {
                _ = try await open("\(folder)/new", .init(command: "verify"))
            }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/new"))
        }
    }

    @Test func `an operator's own server is taken as it is`() async throws {
        let url = Secret("postgres://tollgate:word@db.example/tollgate")
        let access = try await DatabaseAccess.open(
            .server(url), for: .init(command: "verify"), logger: .quiet)
        #expect(access.conninfo.reveal() == url.reveal())
        #expect(!"\(access)".contains("word"))
        #expect(access.embedded == nil)
        await access.close()
    }
}
