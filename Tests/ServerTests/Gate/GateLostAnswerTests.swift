import Postgres
import Primitives
import Testing

@testable import Server

@Suite("Gate changes whose answer was lost")
struct GateLostAnswerTests {
    private func lost(atCommit: Bool) -> PostgresError {
        var error = PostgresError(message: "the server has gone away", isConnectionLost: true)
        error.mayHaveCommitted = atCommit
        return error
    }

    @Test func `whether a change was made is unknown only where COMMIT was under way`() {
        let unknown = Gate.Problem(ConnectionChangeError(lost(atCommit: true), "change a connection"))
        #expect(unknown == .outcomeUnknown)
        let before = Gate.Problem(ConnectionChangeError(lost(atCommit: false), "change a connection"))
        #expect(before == .unavailable(retryAfter: 1))
    }
}
