import AsyncHTTPClient
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Server

/// The program as it is run: what it has answered is in the log when it has ended.
@Suite("The request log of a running program")
struct RequestLogProgramTests {
    private static let key = "rk_alba_ann_0000000000000000000000000000000"
    private static let catalogue = """
        tenants:
          - slug: alba
            name: Alba
            currency: USD
            customers:
              - {email: ann@example.com, username: ann, balance: "10.00 USD", 
                 keys: [{dialect: gate, key: \(key), rate_limit: 500/1h}]}
          - {slug: brio, name: Brio, currency: USD}
        """

    @Test func `every request that was answered before SIGTERM is written`() async throws {
        try await withEmbeddedFolder { folder in
            let (data, file) = ("\(folder)/data", "\(folder)/catalogue.yaml")
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            let up = try RunningTollgate(data, ["--apply", file])
            let address = try await up.ready()
            var counts: [UInt: Int] = [:]
            for number in 0..<1_000 {
                // Many are over the key's limit, and one in ten is at a door where the key is nobody's.
                let tenant = number.isMultiple(of: 10) ? "brio" : "alba"
                var request = HTTPClientRequest(url: "\(address)/t/\(tenant)/gate/api/proxy?op=plans")
                request.headers.add(name: "x-api-key", value: Self.key)
                let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
                counts[answer.status.code, default: 0] += 1
            }
            #expect(try await up.end(SIGTERM) == 0)
            #expect(counts == [200: 500, 401: 100, 429: 400])

            let postgres = try await EmbeddedPostgres.start(data)
            let written: String = try postgres.ask(
                """
                SELECT string_agg(status || ': ' || count, ', ' ORDER BY status)
                FROM (SELECT status, count(*) FROM request_log GROUP BY status) AS statuses
                """)
            let used: Int = try postgres.ask(
                "SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL")
            await postgres.stop()
            #expect(written == "200: 500, 429: 400")
            #expect(used == 1)
        }
    }
}
