import Foundation
import Postgres

/// A PostgreSQL cluster of this process in a temporary directory, on a Unix socket.
///
/// A shell keeps it. The shell reads from a pipe that only this process holds, so that it stops the server
/// and removes the directory however this process ends.
final class PrivateServer: Sendable {
    let directory: String
    private let keeper: Process
    private let orders: FileHandle
    private let port: Int

    /// The server that most tests share; those that stop it, or want it otherwise, start their own.
    static func shared() async throws -> PrivateServer { try await sharedServer.value }
    private static let sharedServer = Task { try await PrivateServer() }

    /// Makes a cluster and starts it; `setup` is shell that runs in its directory before the first start.
    init(setup: String = ":", options: String = "-c listen_addresses=", port: Int = 5432) async throws {
        self.port = port
        var template = Array("/tmp/tollgate-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ServerFailure(log: "no temporary directory") }
        directory = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        let pipe = Pipe()
        orders = pipe.fileHandleForWriting
        keeper = Process()
        keeper.executableURL = URL(fileURLWithPath: "/bin/sh")
        keeper.arguments = [
            "-c", Self.script, "keeper", directory, Self.programs, setup, "-p \(port) \(options)",
        ]
        keeper.standardInput = pipe
        keeper.standardOutput = FileHandle.nullDevice
        keeper.standardError = FileHandle.nullDevice
        try keeper.run()
        try await untilReady()
    }

    deinit {
        // The end of its input is the keeper's word to stop.
        try? orders.close()
    }

    var configuration: PostgresConfiguration {
        PostgresConfiguration(
            conninfo: "host=\(directory) port=\(port) user=tollgate dbname=postgres", applicationName: "tests"
        )
    }

    /// Stops the server, which breaks every connection.
    func stop() async throws { try await order("stop") }

    /// Starts a server that was stopped.
    func start() async throws {
        try await order("start")
        try await untilReady()
    }

    private func order(_ word: String) async throws {
        let answer = directory + "/done"
        try? FileManager.default.removeItem(atPath: answer)
        try orders.write(contentsOf: Data((word + "\n").utf8))
        try await until("the server obeys \(word)") { FileManager.default.fileExists(atPath: answer) }
    }

    private func untilReady() async throws {
        var refusal: (any Error)?
        do {
            try await until("the server starts") {
                do {
                    try Connection(configuration).close()
                    return true
                } catch {
                    refusal = error
                    return false
                }
            }
        } catch {
            let log = (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? "no log"
            throw ServerFailure(log: log, refusal: refusal)
        }
    }

    private static let programs = "/usr/lib/postgresql/15/bin"

    private static let script = #"""
        trap '' INT TERM HUP
        directory=$1 programs=$2 setup=$3 options=$4 as=
        cd "$directory" && exec >log 2>&1
        if [ "$(id -u)" = 0 ]; then
            as="setpriv --reuid=postgres --regid=postgres --init-groups --"
        fi
        eval "$setup"
        [ -z "$as" ] || chown -R postgres .
        $as "$programs/initdb" -D "$directory/data" -U tollgate -A trust -E UTF8 --locale=C.UTF-8 -N \
            </dev/null
        start() {
            $as "$programs/postgres" -D "$directory/data" -k "$directory" -c fsync=off \
                -c max_connections=200 -c full_page_writes=off -c deadlock_timeout=20ms $options </dev/null &
            server=$!
        }
        stop() { kill -INT $server; wait $server; }
        start
        while read -r order; do
            $order
            echo >done
        done
        kill -QUIT $server
        wait $server
        cd / && rm -rf "$directory"
        """#
}

struct ServerFailure: Error {
    var log: String
    var refusal: (any Error)?
}
