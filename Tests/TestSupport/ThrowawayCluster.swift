internal import Foundation
internal import Logging
internal import Postgres

/// A PostgreSQL cluster in a temporary directory, kept by a shell that removes it when this process is gone.
///
/// The shell reads from a pipe that only this process holds open: even after SIGKILL it sees the end of it, stops
/// the server and deletes the directory.
final class ThrowawayCluster: Sendable {
    let directory: String
    let programs: String
    private let keeper: Process
    private let orders: FileHandle

    static func launch() async throws -> ThrowawayCluster {
        let cluster = try ThrowawayCluster(programs: newestPrograms())
        try await cluster.waitUntilReady()
        return cluster
    }

    private init(programs: String) throws {
        self.programs = programs
        directory = try Self.makeDirectory()
        let pipe = Pipe()
        orders = pipe.fileHandleForWriting
        keeper = Process()
        keeper.executableURL = URL(filePath: "/bin/sh")
        keeper.arguments = ["-c", Self.script, "keeper", directory, programs]
        keeper.standardInput = pipe
        // It may outlive us by a moment, and must not hold up whoever reads what the tests say.
        keeper.standardOutput = FileHandle.nullDevice
        keeper.standardError = FileHandle.nullDevice
        try keeper.run()
    }

    /// Everything that is safe to give up, is: a throwaway cluster need not survive anything.
    private static let script = #"""
        trap '' INT TERM HUP
        directory=$1 programs=$2
        if [ "$(id -u)" = 0 ]; then
            chown postgres "$directory"
            as="setpriv --reuid=postgres --regid=postgres --init-groups --"
        else
            as=
        fi
        cd "$directory" || exit 1
        $as "$programs/initdb" -D "$directory/data" -U tollgate -A trust -E UTF8 --locale=C.UTF-8 -N \
            >"$directory/server.log" 2>&1 </dev/null
        start() {
            $as "$programs/postgres" -D "$directory/data" -k "$directory" -c listen_addresses= -c max_connections=400 \
                -c fsync=off -c full_page_writes=off -c autovacuum=off -c jit=off -c shared_buffers=128MB \
                -c max_wal_size=4GB -c checkpoint_timeout=1h -c timezone=UTC >>"$directory/server.log" 2>&1 </dev/null &
            server=$!
        }
        start
        while read -r order; do
            case $order in
                restart) kill -INT $server; wait $server; start ;;
                crash) kill -QUIT $server; wait $server; start ;;
            esac
            echo done >"$directory/done"
        done
        kill -QUIT $server
        # A signal that comes before PostgreSQL has its handlers is lost: a shell's background jobs ignore it.
        (sleep 5; kill -KILL $server) &
        impatience=$!
        wait $server
        kill -KILL $impatience
        cd / && rm -rf "$directory"
        """#

    func configuration(database: String, role: String?) -> PostgresConfiguration {
        PostgresConfiguration(
            conninfo: "host=\(directory) user=tollgate dbname=\(database)", applicationName: "tests",
            role: role
        )
    }

    /// Has the keeper do something to the server, and returns when it has been done.
    func tell(_ order: String) async throws {
        let answer = "\(directory)/done"
        if FileManager.default.fileExists(atPath: answer) {
            try FileManager.default.removeItem(atPath: answer)
        }
        try orders.write(contentsOf: Data("\(order)\n".utf8))
        try await eventually("\(order) of the test server") { FileManager.default.fileExists(atPath: answer) }
    }

    func stop() {
        // The end of its input is the keeper's word to leave.
        try? orders.close()
    }

    private func waitUntilReady() async throws {
        do {
            try await eventually("PostgreSQL for the tests", within: .seconds(60)) {
                guard keeper.isRunning else { throw NeverHappened(description: "the test server ended") }
                // Refusals are what a server that is still starting answers with.
                guard let connection = try? Connection(configuration(database: "postgres", role: nil)) else {
                    return false
                }
                connection.close()
                return true
            }
        } catch {
            let log = try? String(contentsOfFile: "\(directory)/server.log", encoding: .utf8)
            stop()
            throw NeverHappened(description: "\(error); its log:\n\(log ?? "(none)")")
        }
    }

    private static func makeDirectory() throws -> String {
        // Short, because the path of a socket may have 107 bytes.
        var template = Array("/tmp/tollgate-tests-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw NeverHappened(description: "no temporary directory: \(String(cString: strerror(errno)))")
        }
        return String(cString: made)
    }

    /// The newest installed PostgreSQL of version 15 or later; `TOLLGATE_POSTGRES_BIN` decides where it is set.
    private static func newestPrograms() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        if let chosen = environment["TOLLGATE_POSTGRES_BIN"] { return chosen }
        let debian = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []).compactMap {
            Int($0)
        }
        if let newest = versions.filter({ $0 >= 15 }).max() { return "\(debian)/\(newest)/bin" }
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        if let found = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") })
        {
            return String(found)
        }
        throw NeverHappened(description: "PostgreSQL 15 or later is not installed: run scripts/setup")
    }
}
