internal import Foundation

/// The program under test, as its commands: each a process of its own on the drill's cluster.
final class Tollgate: @unchecked Sendable {
    let program: String
    let port: UInt16
    private let folder: DrillFolder
    private let environment: [String: String]
    /// More for `serve` and `work`, and for them only.
    var extraEnvironment: [String: String] = [:]
    /// Called before each start of a server.
    var onServerStart: () -> Void = {}
    private(set) var server: ChildProcess?
    private(set) var worker: ChildProcess?

    init(_ program: String, _ folder: DrillFolder, conninfo: String) throws {
        self.program = program
        self.folder = folder
        port = try Self.freePort()
        let key = Data((0..<32).map { UInt8($0) }).base64EncodedString()
        environment = [
            "TOLLGATE_DATABASE_URL": conninfo, "TOLLGATE_INSTALLATION_KEY": key,
            "TOLLGATE_LOG_LEVEL": "warning",
        ]
    }

    /// Runs one command to its end.
    func run(_ arguments: String...) throws -> (status: Int32, words: String) {
        try ChildProcess.run(program, arguments, environment: environment, in: folder)
    }

    func mustRun(_ arguments: String...) throws {
        let result = try ChildProcess.run(program, arguments, environment: environment, in: folder)
        guard result.status == 0 else {
            throw DrillProblem("tollgate \(arguments[0]) ended with \(result.status): \(result.words)")
        }
    }

    func startServer() throws {
        onServerStart()
        server = try start("serve", ["--port", String(port)])
    }

    func startWorker() throws {
        worker = try start("work", [])
    }

    /// Starts what has ended by itself, as a supervisor does, and says what that was.
    func restartWhatEnded() throws -> [String] {
        var ended: [String] = []
        if let server, server.hasEnded {
            ended.append("serve ended by itself with \(server.ending): \(server.lastWords(3))")
            try startServer()
        }
        if let worker, worker.hasEnded {
            ended.append("work ended by itself with \(worker.ending): \(worker.lastWords(3))")
            try startWorker()
        }
        return ended
    }

    private func start(_ command: String, _ arguments: [String]) throws -> ChildProcess {
        // The data directory is not used; its path lets the keeper know its own.
        try ChildProcess(
            program, [command, "--data", folder.path + "/app"] + arguments,
            environment: environment.merging(extraEnvironment) { _, more in more },
            output: folder.path + "/\(command).log", noting: folder)
    }

    /// A port that is free and below those that the kernel gives to clients, so that nobody takes it while the
    /// server is down. Fixed for the whole drill: clients come back to the same address.
    private static func freePort() throws -> UInt16 {
        for _ in 0..<200 {
            let port = UInt16.random(in: 15_000...32_000)
            let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(probe) }
            var address = loopback(port: port)
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(probe, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if bound == 0 { return port }
        }
        throw DrillProblem("no free port")
    }
}

func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
