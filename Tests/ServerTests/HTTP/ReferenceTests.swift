import Catalog
import Foundation
import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("The reference of a dialect", .database)
struct ReferenceTests {
    private func world(
        _ change: (inout TinyDialect) -> Void = { $0.documentPath = "/v1/openapi.json" }
    ) async throws
        -> DoorWorld
    {
        var dialect = TinyDialect()
        change(&dialect)
        return try await DoorWorld(try #require(TestDatabase.current), dialect: dialect)
    }

    @Test func `it is at the host's root and below the mount, by links that hold in both places`()
        async throws
    {
        let world = try await world()
        let mounted = try await world.ask(.get, "/t/brio/proxaro/docs")
        let host = try await world.ask(.get, "/docs", host: "things.brio.test")
        #expect(mounted.status == 200 && mounted.body == host.body)
        #expect(mounted.headers[.contentType] == "text/html; charset=utf-8")
        #expect(mounted.body.contains("<title>brio: proxaro API</title>"))
        #expect(mounted.body.contains(#"data-document="v1/openapi.json""#))
        let links = mounted.body.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.1) }
        #expect(links.count == 5 && links.allSatisfy { !$0.hasPrefix("/") && !$0.contains(":") }, "\(links)")
        for link in links where link.hasPrefix("docs/") {
            #expect(try await world.ask(.get, "/t/brio/proxaro/\(link)").status == 200)
            #expect(try await world.ask(.get, "/\(link)", host: "things.brio.test").status == 200)
        }
    }

    @Test func `a browser may run what comes from here, and ask here`() async throws {
        let policy = try #require(
            try await world().ask(.get, "/t/alba/proxaro/docs").headers[.contentSecurityPolicy])
        let rules = policy.split(separator: "; ").map(String.init)
        #expect(rules.contains("default-src 'none'") && rules.contains("frame-ancestors 'none'"))
        let sources = rules.flatMap { $0.split(separator: " ").dropFirst() }
        #expect(Set(sources) == ["'none'", "'self'", "data:"])
    }

    @Test func `a tenant's name is a name, whatever is in it`() async throws {
        let world = try await world()
        try await world.database.execute(
            #"UPDATE tenants SET name = '</title><script>alert("&'';")</script>'"#)
        let page = try await world.ask(.get, "/t/alba/proxaro/docs").body
        #expect(
            page.contains(
                "<title>&lt;/title&gt;&lt;script&gt;alert(&quot;&amp;&#39;;&quot;)&lt;/script&gt;: proxaro API<"
            ))
        #expect(page.components(separatedBy: "<script").count == 3)
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/docs", 200, ""), (.head, "/docs", 200, ""), (.get, "/docs/", 308, ""),
        (.get, "/docs/start.js", 200, ""), (.head, "/docs/start.js", 200, ""),
        (.get, "/docs/swagger-ui.css.gz", 404, "tiny: path unknown"),
        (.get, "/docs/x", 404, "tiny: path unknown"),
        (.get, "/docs/../docs", 404, "tiny: path unknown"), (.get, "/docs%2F", 404, "tiny: path unknown"),
        (.post, "/docs", 405, "tiny: method not allowed"),
        (.delete, "/docs/start.js", 405, "tiny: method not allowed"),
        (.options, "/docs", 405, "tiny: method not allowed"),
    ])
    func `what is not there is refused in the dialect's words`(
        method: HTTPRequest.Method, path: String, status: Int, words: String
    ) async throws {
        let answer = try await world().ask(method, "/t/alba/proxaro\(path)")
        #expect(answer.status == status)
        if status == 405 { #expect(answer.headers[.allow] == "GET, HEAD") }
        if status == 308 { #expect(answer.headers[.location] == "../docs") }
        if status >= 300 { #expect(answer.body == words) }
        if method == .head {
            #expect(answer.body.isEmpty && (answer.headers[.contentLength].flatMap { Int($0) } ?? 0) > 100)
        }
    }

    @Test func `a dialect without a document has none, and a vendor's own path goes before it`() async throws
    {
        let silent = try await world { $0.documentPath = nil }
        let answer = try await silent.ask(.get, "/t/alba/proxaro/docs")
        #expect(answer.status == 404 && answer.body == "tiny: path unknown")
        #expect(try await silent.ask(.get, "/t/alba/account/docs").status == 200)
    }

    @Test func `a vendor's own path goes before it`() async throws {
        let vendors = try await world {
            $0.documentPath = "/openapi.json"
            $0.routes = RouteTable([Route(.post, "/docs", "vendor")])
        }
        #expect(try await vendors.ask(.post, "/t/alba/proxaro/docs").body.contains("route=vendor"))
        #expect(try await vendors.ask(.get, "/t/alba/proxaro/docs").headers[.allow] == "POST")
    }
}

@Suite("The files of the reference")
struct ReferenceFileTests {
    private func request(_ headers: HTTPFields = [:], query: String? = nil) -> DialectRequest {
        DialectRequest(
            method: .get, path: "/docs/x", query: query, headers: headers, body: [],
            mount: Mount(tenant: TenantID(1), dialect: TinyDialect.name, prefix: ""),
            receivedAt: ManualClock().now(), id: "1", remoteAddress: "192.0.2.1")
    }

    @Test func `what is in the binary is what is committed`() throws {
        let dist = "\(TestPaths.repository)/Sources/CSwaggerUI/dist"
        for (name, file) in [
            ("swagger-ui-bundle.js", ReferenceFile.script.bytes),
            ("swagger-ui-bundle.js.gz", ReferenceFile.script.gzipped),
            ("swagger-ui.css", ReferenceFile.style.bytes), ("swagger-ui.css.gz", ReferenceFile.style.gzipped),
            ("favicon-32x32.png", ReferenceFile.icon.bytes),
        ] {
            let committed = try Data(contentsOf: URL(filePath: "\(dist)/\(name)"))
            #expect(file.map { Data($0) } == committed, "\(name): build again")
        }
    }

    @Test func `compressed files are the plain ones`() async throws {
        let check = try await runCommand("\(TestPaths.repository)/scripts/swagger-ui", ["--check"])
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test(arguments: [
        (nil, false), ("", false), ("gzip", true), ("GZIP", true), ("x-gzip", true), ("br, gzip;q=0.1", true),
        ("deflate,gzip", true), ("gzip;q=0", false), ("gzip; q=0.000", false), ("gzip;q=0.001", true),
        ("br", false),
        ("*", true), ("*;q=0", false), ("gzip;q=0, *", false), ("*;q=0, gzip", true), ("identity", false),
        ("gzipped", false),
        (" , ,gzip", true),
    ])
    func `who takes gzip gets it, and everybody else the bytes as they are`(
        accepted: String?, isGzipped: Bool
    ) {
        var headers = HTTPFields()
        headers[.acceptEncoding] = accepted
        let answer = ReferenceFile.style.answer(request(headers))
        #expect(answer.status == .ok)
        #expect(answer.headers[.vary] == "Accept-Encoding")
        #expect(answer.headers[.contentEncoding] == (isGzipped ? "gzip" : nil))
        #expect(answer.body == (isGzipped ? ReferenceFile.style.gzipped : ReferenceFile.style.bytes))
    }

    @Test func `a small file is sent as it is`() {
        let answer = ReferenceFile.icon.answer(request([.acceptEncoding: "gzip"]))
        #expect(answer.headers[.contentEncoding] == nil && answer.headers[.vary] == nil)
    }

    @Test func `whoever has a file is not sent it again, in the encoding that they have`() throws {
        let plain = try #require(ReferenceFile.style.answer(request()).headers[.eTag])
        let gzipped = try #require(
            ReferenceFile.style.answer(request([.acceptEncoding: "gzip"])).headers[.eTag])
        #expect(plain != gzipped)
        for (known, isKnown) in [
            (plain, true), ("W/\(plain)", true), ("\"a\", \(plain)", true), ("*", true), (gzipped, false),
            ("\"a\"", false),
        ] {
            let answer = ReferenceFile.style.answer(request([.ifNoneMatch: known]))
            #expect(answer.status == (isKnown ? .notModified : .ok), "\(known)")
            #expect(answer.body.isEmpty == isKnown)
            #expect(answer.headers[.eTag] == plain)
        }
    }

    @Test func `a file asked for by its version never changes, else it is asked for again`() {
        let file = ReferenceFile.script
        let version = file.link.split(separator: "?").last.map(String.init)
        #expect(file.answer(request(query: version)).headers[.cacheControl]?.contains("immutable") == true)
        for query in [nil, "", "v=", "v=0123456789abcdef"] {
            #expect(file.answer(request(query: query)).headers[.cacheControl] == "public, no-cache")
        }
    }
}

/// Where Chromium is installed the page is opened, at its mount and at its host; `scripts/picture` installs it.
@Suite("The reference in a browser")
struct ReferencePageTests {
    private static let hasBrowser = ["chromium", "chromium-browser", "google-chrome"].contains { name in
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\(name)")
    }

    @Test(.enabled(if: hasBrowser, "Chromium is not installed: scripts/setup chromium"))
    func `every operation is on the page, and the browser does not complain`() async throws {
        try await withEmbeddedFolder { folder in
            let up = try RunningTollgate("\(folder)/data", ["--apply", TestPaths.fixture("demo.yaml")])
            let server = try await up.ready()
            let script = "\(TestPaths.repository)/Tests/python/reference_page.py"
            for (dialect, host) in [("gate", "gate.acme.test"), ("opproxy", "op.acme.test")] {
                try await Python.run([script, "\(server)/t/acme/\(dialect)"], needing: "json")
                try await Python.run([script, "\(server)/t/acme/\(dialect)", "--at", host], needing: "json")
            }
            #expect(try await up.end(SIGTERM) == 0)
        }
    }
}
