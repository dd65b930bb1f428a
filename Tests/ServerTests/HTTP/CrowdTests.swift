import Primitives
import ServiceLifecycle
import TestSupport
import Testing

@testable import Server

/// More connections than there may be, over real sockets.
@Suite("Crowds of connections", .database)
struct CrowdTests {
    private let list = "GET /t/alba/proxaro/things HTTP/1.1\nHost: localhost\n\n"

    private func crowded(_ connectionsMax: Int, perAddress: Int = 1_000) -> HTTPSettings {
        var settings = HTTPSettings()
        settings.connectionsMax = connectionsMax
        settings.connectionsPerAddressMax = perAddress
        // Who is made room for is what these are about: on a busy machine a silent client must not time out first.
        settings.headSeconds = 600
        settings.idleSeconds = 600
        return settings
    }

    @Test func `a connection beyond the bound takes the place of the one that was quiet longest`()
        async throws
    {
        try await serving(crowded(2)) { port, _ in
            let oldest = try #require(RawClient(port: port))
            oldest.send(list)
            #expect(await oldest.read(until: "from=").contains("200 OK"))
            let newer = try #require(RawClient(port: port))
            newer.send(list)
            #expect(await newer.read(until: "from=").contains("200 OK"))

            let newest = try #require(RawClient(port: port))
            newest.send(list)
            #expect(await newest.read(until: "from=").contains("200 OK"))
            #expect(await !oldest.read().contains("HTTP/1.1"))
            newer.send(list)
            #expect(await newer.read(until: "from=").contains("200 OK"))
        }
    }

    /// A client that has bought before is kept before one that has only opened a connection, however lately.
    @Test func `those that never asked for anything make room first`() async throws {
        try await servingWorld(crowded(2)) { port, _, world in
            let customer = try #require(RawClient(port: port))
            customer.send(list)
            #expect(await customer.read(until: "from=").contains("200 OK"))
            let silent = try #require(RawClient(port: port))
            silent.send("GET /t/alba")
            // Nothing is answered to it, so only the server can say that it was taken in before the next.
            try await eventually("both have their places") {
                world.metrics.render().contains("tollgate_http_connections 2")
            }
            let newest = try #require(RawClient(port: port))
            newest.send(list)
            #expect(await newest.read(until: "from=").contains("200 OK"))
            #expect(await silent.read() == "")
            customer.send(list)
            #expect(await customer.read(until: "from=").contains("200 OK"))
        }
    }

    @Test func `one address has its own bound, and leaves the others their places`() async throws {
        try await servingWorld(crowded(100, perAddress: 3)) { port, _, world in
            let other = try #require(RawClient(port: port, from: "127.0.0.2"))
            other.send(list)
            #expect(await other.read(until: "from=").contains("from=127.0.0.2"))
            var greedy: [RawClient] = []
            for place in 2...4 {
                greedy.append(try #require(RawClient(port: port, from: "127.0.0.3")))
                // Each connection is taken in by a loop of its own, so only waiting makes the first one the first.
                try await eventually("the server has taken it in") {
                    world.metrics.render().contains("tollgate_http_connections \(place)")
                }
            }
            greedy.append(try #require(RawClient(port: port, from: "127.0.0.3")))
            // The fourth took the place of the first.
            #expect(await greedy[0].read() == "")
            greedy[3].send(list)
            #expect(await greedy[3].read(until: "from=").contains("200 OK"))
            other.send(list)
            #expect(await other.read(until: "from=").contains("200 OK"))
        }
    }

    @Test func `our own proxies are not bound like one address`() async throws {
        var settings = crowded(100, perAddress: 1)
        settings.trustedProxies = [NetworkPrefix("127.0.0.1")!]
        try await serving(settings) { port, _ in
            let first = try #require(RawClient(port: port))
            let second = try #require(RawClient(port: port))
            for client in [first, second, first] {
                client.send(list)
                #expect(await client.read(until: "from=").contains("200 OK"))
            }
        }
    }

    @Test func `while everybody is at work a new connection is told to come back`() async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        var dialect = TinyDialect()
        dialect.whenSlow = {
            begin.yield()
            for await _ in ends { break }
        }
        try await serving(crowded(1), dialect) { port, _ in
            let busy = try #require(RawClient(port: port))
            busy.send("GET /t/alba/proxaro/slow HTTP/1.1\nHost: x\n\n")
            for await _ in begun { break }

            let refused = try #require(RawClient(port: port))
            let answer = await refused.read()
            #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains(#""code":"unavailable""#))
            #expect(answer.lowercased().contains("retry-after: 1\r\n"))
            end.yield()
            #expect(await busy.read(until: "from=").contains("route=slow"))
            let next = try #require(RawClient(port: port))
            next.send(list)
            #expect(await next.read(until: "from=").contains("200 OK"))
        }
    }
}
