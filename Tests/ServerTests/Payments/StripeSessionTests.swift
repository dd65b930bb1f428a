import Foundation
import TestSupport
import Testing

@testable import Server

/// A program that speaks like Stripe, against a server as `tollgate up` runs it.
@Suite("A session with localstripe", .serialized)
struct StripeSessionTests {
    @Test
    func
        `a payment, its message twenty times over, a refund, automatic top-ups and a dispute, and the books agree`()
        async throws
    {
        try await withEmbeddedFolder { folder in
            let up = try RunningTollgate("\(folder)/data", ["--apply", TestPaths.fixture("demo.yaml")])
            let address = try await up.ready()
            try await Python.run(
                [
                    "\(TestPaths.repository)/Tests/python/stripe_session.py", address, "--tollgate",
                    Tollgate.path, "--data", "\(folder)/data",
                ], needing: "localstripe")
            try await up.end(SIGTERM)
        }
    }
}
