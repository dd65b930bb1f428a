import Provisioning
import Testing

@Suite("Retrying")
struct RetryPolicyTests {
    @Test(arguments: [
        (0, 0), (1, 1_000), (2, 2_000), (3, 4_000), (6, 32_000), (7, 60_000), (8, 60_000),
        (1_000_000, 60_000),
    ])
    func `each failure in a row doubles the wait up to a minute`(_ failures: Int, _ wait: Int64) {
        #expect(RetryPolicy.standard.wait(afterFailures: failures) == wait)
    }

    @Test func `the longest wait there is does not trap`() {
        let patient = RetryPolicy(firstMilliseconds: 3, longestMilliseconds: .max)
        #expect(patient.wait(afterFailures: 500) == .max)
        #expect(RetryPolicy(firstMilliseconds: 0, longestMilliseconds: 0).wait(afterFailures: 9) == 0)
    }
}
