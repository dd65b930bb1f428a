internal import Foundation
internal import Logging

extension EmbeddedPostgres {
    /// Stops the server of a predecessor that was killed: its children are not ours to watch, nor its settings ours.
    func endSurvivor() async throws {
        guard let survivor = Postmaster.running(on: directory) else { return }
        logger.notice(
            "stopping the PostgreSQL that outlived its tollgate", metadata: ["pid": "\(survivor.pid)"])
        for farewell in [Postmaster.Farewell.fast, .immediate] {
            survivor.tell(farewell)
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline {
                guard Postmaster.running(on: directory) == survivor else { return }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        throw EmbeddedProblem.inUse(directory: directory.path, by: "PostgreSQL (pid \(survivor.pid))")
    }

    /// Starts the server and returns once it takes connections, however long it has to recover.
    func launch() async throws -> ServerProcess {
        let settings = ClusterSettings.arguments(
            directory, socket: socketDirectory, memoryBytes: ProcessInfo.processInfo.physicalMemory
        )
        let logBegin = try ServerLog.begin(directory)
        let server = ServerProcess(
            pid: try account.command(programs.postgres, settings).start(output: directory.log))
        do {
            try await waitUntilReady(server, logBegin)
        } catch {
            // Whoever gave up waiting must not leave behind what they waited for.
            await server.end([.fast, .immediate], logger)
            throw error
        }
        state.withLock { $0.server = server }
        return server
    }

    private func waitUntilReady(_ server: ServerProcess, _ logBegin: UInt64) async throws {
        var nextNotice = ContinuousClock.now + .seconds(5)
        while !server.postmaster.isReady(on: directory) {
            guard !server.hasEnded else {
                throw EmbeddedProblem.programFailed(
                    program: programs.postgres, words: ServerLog.tail(directory, from: logBegin)
                )
            }
            if ContinuousClock.now > nextNotice {
                logger.notice("PostgreSQL is recovering", metadata: ["log": "\(directory.log)"])
                nextNotice += .seconds(10)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Starts the server again whenever it ends by itself, until that fails too often or it was told to stop.
    func keepRunning(_ first: ServerProcess) async {
        var server = first
        while true {
            let status = await server.end()
            guard !state.withLock(\.isStopping) else { return finish(failure: nil) }
            logger.error("PostgreSQL ended by itself and is started again", metadata: ["status": "\(status)"])
            do {
                server = try await relaunch()
            } catch {
                logger.critical("PostgreSQL does not start again", metadata: ["error": "\(error)"])
                return finish(failure: error)
            }
        }
    }

    /// The children of a server that was killed may hold its shared memory for a moment longer.
    private func relaunch() async throws -> ServerProcess {
        var attempt = 1
        while true {
            do {
                let server = try await launch()
                // Told to stop in between: whoever stops us did not see this one.
                if state.withLock(\.isStopping) { server.postmaster.tell(.fast) }
                return server
            } catch {
                guard directory.clusterMajor != nil else {
                    throw EmbeddedProblem.clusterGone(directory: directory.path)
                }
                guard attempt < 20, !state.withLock(\.isStopping) else { throw error }
                attempt += 1
                try await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    private func finish(failure: (any Error)?) {
        let waiting = state.withLock { state in
            state.server = nil
            state.failure = failure
            state.hasEnded = true
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }
}
