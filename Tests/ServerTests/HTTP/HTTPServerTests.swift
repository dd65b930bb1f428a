import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Over real sockets: what only shows between bytes.
@Suite("The HTTP server", .database)
struct HTTPServerTests {
    private let list = "GET /t/alba/proxaro/things HTTP/1.1\nHost: localhost\n\n"

    @Test func `a connection is kept, and pipelined requests are answered in order`() async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send(list)
            #expect(await client.read(until: "from=127.0.0.1").contains("HTTP/1.1 200 OK\r\n"))
            client.send(
                "GET /t/brio/proxaro/things/1 HTTP/1.1\nHost: x\n\n"
                    + "GET /t/brio/proxaro/things/2 HTTP/1.1\nHost: x\nConnection: close\n\n"
            )
            let both = await client.read()
            let first = try #require(both.range(of: "path=/things/1"))
            let second = try #require(both.range(of: "path=/things/2"))
            #expect(first.lowerBound < second.lowerBound)
        }
    }

    @Test func `HEAD and 204 leave the connection in step`() async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send(
                "HEAD /t/alba/proxaro/things/1 HTTP/1.1\nHost: x\n\n"
                    + "DELETE /t/alba/proxaro/things/1 HTTP/1.1\nHost: x\n\n"
                    + "GET /health HTTP/1.1\nHost: x\nConnection: close\n\n"
            )
            let answers = await client.read().split(separator: "HTTP/1.1 ")
            #expect(answers.count == 3)
            #expect(answers[0].hasPrefix("200 OK") && answers[0].hasSuffix("\r\n\r\n"))
            #expect(
                answers[1].hasPrefix("204 No Content") && !answers[1].lowercased().contains("content-length"))
            #expect(answers[2].hasSuffix(#"{"status":"ok"}"#))
        }
    }

    @Test func `a body that says it is too large is refused unread, and the connection ends`() async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send("POST /t/alba/proxaro/things HTTP/1.1\nHost: x\nContent-Length: 1000000000\n\n")
            let answer = await client.read()
            #expect(answer.contains("HTTP/1.1 413"))
            #expect(answer.lowercased().contains("connection: close\r\n"))
            #expect(answer.hasSuffix("tiny: body too large"))
        }
    }

    @Test func `a body without end is refused at the bound`() async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send("POST /t/alba/proxaro/things HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n")
            let answer = client.beginReading()
            let chunk = "1000\n" + String(repeating: "x", count: 4_096) + "\n"
            // More than the bound, and no more than is sent before the server has lingered long enough.
            for _ in 0..<64 where client.send(chunk) {}
            #expect(await answer.text().contains("HTTP/1.1 413"))
        }
    }

    @Test func `who asks first is told to go on, unless the body would be too large`() async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send(
                "POST /t/alba/proxaro/things HTTP/1.1\nHost: x\nContent-Length: 5\nExpect: 100-continue\n\n")
            #expect(await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            client.send("hello")
            #expect(await client.read(until: "from=").contains("body=5"))

            client.send(
                "POST /t/alba/proxaro/things HTTP/1.1\nHost: x\nContent-Length: 70000\n"
                    + "Expect: 100-continue\n\n"
            )
            #expect(await client.read().hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test func `headers beyond their bound are refused`() async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send("GET /health HTTP/1.1\nHost: x\nX-Long: \(String(repeating: "x", count: 20_000))\n\n")
            let answer = await client.read()
            #expect(answer.hasPrefix("HTTP/1.1 400") && answer.contains(#""code":"bad_request""#))
        }
    }

    @Test(arguments: ["\u{16}\u{3}\u{1}not http\n\n", "GET /health\n\n", "G\u{1}T / HTTP/1.1\nHost: x\n\n"])
    func `what is not HTTP is refused and left`(bytes: String) async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send(bytes)
            let answer = await client.read()
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            #expect(answer.contains("x-request-id: ") || answer.contains("X-Request-Id: "))
            #expect(
                answer.hasSuffix(
                    #"{"error":{"code":"bad_request","message":"The request is not well-formed HTTP."}}"#))
        }
    }

    @Test func `a graceful stop finishes what was begun and takes nothing new`() async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        var dialect = TinyDialect()
        dialect.whenSlow = {
            begin.yield()
            for await _ in ends { break }
        }
        try await serving(HTTPSettings(), dialect) { port, group in
            let busy = try #require(RawClient(port: port))
            let idle = try #require(RawClient(port: port))
            idle.send(list)
            #expect(await idle.read(until: "from=127.0.0.1").contains("200 OK"))
            busy.send("GET /t/alba/proxaro/slow HTTP/1.1\nHost: x\n\n")
            for await _ in begun { break }

            await group.triggerGracefulShutdown()
            #expect(await idle.read() == "")
            try await eventually("the port to be closed") { RawClient(port: port) == nil }
            end.yield()
            #expect(await busy.read().contains("route=slow"))
        }
    }
}
