import Foundation
import ServiceLifecycle
import TestSupport
import Testing

@testable import Server

/// Clients that take their time, over real sockets.
@Suite("Slow clients", .database)
struct SlowClientTests {
    private let list = "GET /t/alba/proxaro/things HTTP/1.1\nHost: localhost\n\n"

    @Test func `a client that dawdles over its headers hears 408, however often it sends a byte`()
        async throws
    {
        var settings = HTTPSettings()
        settings.headSeconds = 1
        try await serving(settings) { port, _ in
            let client = try #require(RawClient(port: port))
            client.send("GET /health HTTP/1.1\nX-Slow: ")
            let answer = client.beginReading()
            while client.send("x") { try await Task.sleep(for: .milliseconds(50)) }
            let text = await answer.text()
            #expect(text.hasPrefix("HTTP/1.1 408 Request Timeout"))
            #expect(text.contains(#""code":"request_timeout""#))
            #expect(text.lowercased().contains("connection: close"))
        }
    }

    @Test func `a kept connection may be quiet for longer than a head may take`() async throws {
        var settings = HTTPSettings()
        settings.headSeconds = 1
        try await serving(settings) { port, _ in
            let client = try #require(RawClient(port: port))
            client.send(list)
            #expect(await client.read(until: "from=").contains("200 OK"))
            // A second connection dawdles until it is left; this one was quiet all the while.
            let other = try #require(RawClient(port: port))
            other.send("G")
            #expect(await other.read().hasPrefix("HTTP/1.1 408"))
            client.send(list)
            #expect(await client.read(until: "from=").contains("200 OK"))
        }
    }

    @Test func `a connection that sends nothing is closed without a word`() async throws {
        var settings = HTTPSettings()
        settings.idleSeconds = 1
        try await serving(settings) { port, _ in
            let client = try #require(RawClient(port: port))
            #expect(await client.read() == "")
        }
    }

    @Test func `a client that dawdles over its body hears 408 in the words of the dialect`() async throws {
        var settings = HTTPSettings()
        settings.bodySeconds = 1
        try await serving(settings) { port, _ in
            let client = try #require(RawClient(port: port))
            client.send("POST /t/alba/proxaro/things HTTP/1.1\nHost: x\nContent-Length: 1000\n\nx")
            let answer = client.beginReading()
            // The pace of a client that is just alive enough.
            while client.send("x") { try await Task.sleep(for: .milliseconds(50)) }
            let text = await answer.text()
            #expect(text.hasPrefix("HTTP/1.1 408 Request Timeout") && text.hasSuffix("tiny: body too slow"))
            #expect(text.lowercased().contains("connection: close"))
        }
    }

    /// What was asked before is answered before; what came with it and is broken ends the connection.
    @Test func `garbage behind a good request is refused after its answer`() async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send(list + "\u{1}\u{2}garbage\n\n")
            let answers = await client.read()
            let good = try #require(answers.range(of: "from=127.0.0.1"))
            let bad = try #require(answers.range(of: #""code":"bad_request""#))
            #expect(good.upperBound < bad.lowerBound)
            #expect(answers.split(separator: "HTTP/1.1 ").count == 2)
        }
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked\n\nzz\nhello\n", "Transfer-Encoding: chunked\n\n5\nhello6\n",
        "Transfer-Encoding: chunked\n\nffffffffffffffff1\nx\n",
    ])
    func `a body that breaks its framing is refused in the words of the dialect`(rest: String) async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send("POST /t/alba/proxaro/things HTTP/1.1\nHost: x\n\(rest)")
            let answer = await client.read()
            #expect(answer.hasPrefix("HTTP/1.1 400") && answer.hasSuffix("tiny: body malformed"), "\(answer)")
        }
    }

    @Test(arguments: [
        "Content-Length: 5\nContent-Length: 6\n\nhello", "Content-Length: -5\n\nhello",
        "Content-Length: 99999999999999999999\n\nhello", "Content-Length: 5, 5\n\nhello",
        "Content-Length: 5\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n",
        "Transfer-Encoding: chunked, identity\n\nhello",
    ])
    func `a body whose length is said in two ways, or in none, is not read`(rest: String) async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send("POST /t/alba/proxaro/things HTTP/1.1\nHost: x\n\(rest)")
            let answer = await client.read()
            #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
            #expect(answer.split(separator: "HTTP/1.1 ").count == 1)
        }
    }

    /// Half of a purchase must not be taken for a whole one.
    @Test(arguments: ["Content-Length: 10\n\nhello", "Transfer-Encoding: chunked\n\n5\nhello\n"])
    func `a body that ends before its end is refused`(rest: String) async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send("POST /t/alba/proxaro/things HTTP/1.1\nHost: x\n\(rest)")
            client.finishSending()
            let answer = await client.read()
            #expect(!answer.contains("200 OK"))
            // Where its end is seen together with its beginning, the connection may close without a word.
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
        }
    }

    @Test func `a client that only stopped sending still gets its answers`() async throws {
        try await serving { port, _ in
            let client = try #require(RawClient(port: port))
            client.send(list + list)
            client.finishSending()
            #expect(await client.read().split(separator: "200 OK").count == 3)
        }
    }

    /// Answers that nobody takes must not keep a connection for ever.
    @Test func `a client that does not read its answers is left`() async throws {
        var settings = HTTPSettings()
        settings.writeSeconds = 1
        try await serving(settings) { port, _ in
            let client = try #require(RawClient(port: port, takesLittle: true))
            // The answer is as long as the path.
            let path = "/t/alba/proxaro/things/" + String(repeating: "x", count: 7_000)
            let many = String(repeating: "GET \(path) HTTP/1.1\nHost: x\n\n", count: 20)
            for _ in 0..<200 where client.send(many) {}
            try await eventually("the connection to be closed") { !client.send(list) }
        }
    }
}
