internal import Foundation

extension Installation {
    /// Opens the installation for a command, runs it, and closes it, also when a signal ends the command early.
    static func run<Result: Sendable>(
        _ settings: Settings, for purpose: DatabaseAccess.Purpose, needsKey: Bool = false,
        _ body: @Sendable (Installation) async throws -> Result
    ) async throws -> Result {
        let installation = try await open(settings, for: purpose, needsKey: needsKey)
        let interruption = Interruption { await installation.close() }
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

/// Ends a short command in an orderly way at SIGINT or SIGTERM: a server it has started must not outlive it.
final class Interruption: @unchecked Sendable {
    // Dispatch sources may be cancelled from any thread; only their type does not say so.
    private let sources: [any DispatchSourceSignal]

    init(_ cleanUp: @escaping @Sendable () async -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                Task {
                    await cleanUp()
                    // What a shell reports of a command that a signal has ended.
                    exit(128 + number)
                }
            }
            source.resume()
            return source
        }
    }

    func cancel() {
        for source in sources { source.cancel() }
    }
}

extension Installation {
    /// Opens the installation, prepares it, serves until a signal comes, and closes it in the end.
    static func serve(
        _ parts: Parts, _ settings: Settings, _ purpose: DatabaseAccess.Purpose,
        prepare: @Sendable (Installation) async throws -> Void,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let installation = try await open(settings, for: purpose, needsKey: true)
        let interruption = Interruption { await installation.close() }
        do {
            try await prepare(installation)
            // From here on signals are for those who serve: they finish what they have begun.
            interruption.cancel()
            try await installation.serve(parts, onListening: onListening)
            await installation.close()
        } catch {
            await installation.close()
            throw error
        }
    }
}
