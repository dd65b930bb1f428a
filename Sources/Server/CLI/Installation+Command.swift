internal import Foundation
internal import Synchronization

extension Installation {
    /// Opens the installation for a command, runs it, and closes it, also when a signal ends the command early.
    ///
    /// - Parameter stop: what a signal does instead, for a command that comes to its own end then.
    static func run<Result: Sendable>(
        _ settings: Settings, for purpose: DatabaseAccess.Purpose, needsKey: Bool = false,
        stopping stop: (@Sendable () -> Void)? = nil,
        _ body: @Sendable (Installation) async throws -> Result
    ) async throws -> Result {
        let installation = try await open(settings, for: purpose, needsKey: needsKey)
        let interruption = Interruption { await installation.close() }
        if let stop { interruption.ask { stop() } }
        defer { interruption.cancel() }
        do {
            let result = try await body(installation)
            await installation.close()
            return result
        } catch {
            await installation.close()
            throw error
        }
    }
}

/// What SIGINT and SIGTERM do: at first they clean up and end the process, so that a server which a command has
/// started does not outlive it; whoever serves makes them ask for an orderly end instead.
final class Interruption: @unchecked Sendable {
    // Dispatch sources may be used from any thread; only their type does not say so.
    private let sources: [any DispatchSourceSignal]
    private let graceful = Mutex<(@Sendable () async -> Void)?>(nil)

    init(_ cleanUp: @escaping @Sendable () async -> Void) {
        let numbers = [SIGINT, SIGTERM]
        for number in numbers { signal(number, SIG_IGN) }
        sources = numbers.map { DispatchSource.makeSignalSource(signal: $0) }
        for (number, source) in zip(numbers, sources) {
            source.setEventHandler { [weak self] in
                let graceful = self?.graceful.withLock { $0 }
                Task {
                    if let graceful { return await graceful() }
                    await cleanUp()
                    // What a shell reports of a command that a signal has ended.
                    exit(128 + number)
                }
            }
            source.resume()
        }
    }

    /// From now on a signal does this, and the process ends when it is ready.
    func ask(_ action: @escaping @Sendable () async -> Void) {
        graceful.withLock { $0 = action }
    }

    /// Signals are no longer looked at: the command has come to its end.
    func cancel() {
        for source in sources { source.cancel() }
    }
}

extension Installation {
    /// Opens the installation, prepares it, serves until a signal comes, and closes it in the end.
    static func serve(
        _ parts: Parts, _ settings: Settings, _ purpose: DatabaseAccess.Purpose,
        prepare: @Sendable (Installation) async throws -> Announcement,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        try settings.requireSessionsOfOnesOwn()
        let installation = try await open(settings, for: purpose, needsKey: true)
        let interruption = Interruption { await installation.close() }
        do {
            let announcement = try await prepare(installation)
            try await installation.serve(
                parts, stopping: interruption, announcing: announcement, onListening: onListening)
            await installation.close()
        } catch {
            await installation.close()
            throw error
        }
    }
}
