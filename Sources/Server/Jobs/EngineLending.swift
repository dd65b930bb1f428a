internal import Billing
internal import Primitives

/// Where a job's engine comes from: made for one run, with the run's clock, or the process' own.
enum EngineLending: Sendable {
    case made(@Sendable (any WallClock) -> Engine)
    case shared(Engine)

    /// Runs a body with the engine; one that was made for it is stopped afterwards.
    func use<T>(_ clock: any WallClock, _ body: (Engine) async throws -> T) async throws -> T {
        switch self {
        case .shared(let engine): return try await body(engine)
        case .made(let make):
            let engine = make(clock)
            do {
                let value = try await body(engine)
                await engine.stop()
                return value
            } catch {
                await engine.stop()
                throw error
            }
        }
    }
}
