import Testing

@testable import Postgres

@Suite struct PoolDecisionTests {
    private func error(
        _ state: SQLState?, lost: Bool = false, mayHaveCommitted: Bool = false
    )
        -> PostgresError
    {
        var error = PostgresError(message: "no", isConnectionLost: lost)
        error.sqlState = state
        error.mayHaveCommitted = mayHaveCommitted
        return error
    }

    @Test func `waiting for a server grows from moments to a second and stays there`() {
        var backoff = ReconnectBackoff()
        let longest = (0..<12).map { _ in backoff.failed(unit: 0.999_999) }
        #expect(longest == longest.sorted())
        #expect(longest[0] < 20)
        #expect(longest[11] == 999)
        backoff.succeeded()
        #expect(backoff.failed(unit: 0) == 10)
    }

    @Test func `a retry follows what the server undid, three times`() {
        for failure in [
            error(.serializationFailure), error(.deadlockDetected), error(.readOnlyTransaction),
            error(nil, lost: true), error(.adminShutdown, lost: true),
        ] {
            var retry = TransactionRetry()
            for _ in 1...TransactionRetry.retriesMax {
                guard case .again = retry.decide(failure, unit: 0.5) else {
                    Issue.record("\(failure) was not tried again")
                    return
                }
            }
            #expect(retry.decide(failure, unit: 0.5) == .giveUp)
        }
    }

    @Test func `nothing is retried that may have happened or will happen again`() {
        for failure: any Error in [
            error(nil, lost: true, mayHaveCommitted: true), error(.uniqueViolation), error(.queryCanceled),
            error(nil), PoolError.overloaded, CancellationError(),
        ] {
            var retry = TransactionRetry()
            #expect(retry.decide(failure, unit: 0.5) == .giveUp)
        }
    }

    @Test func `rivals wait for different times, longer each try`() {
        var retry = TransactionRetry()
        let waits = (0..<3).map { _ in retry.decide(error(.deadlockDetected), unit: 0.5) }
        #expect(waits == [5, 10, 20].map { .again(afterMilliseconds: $0) })
    }
}
