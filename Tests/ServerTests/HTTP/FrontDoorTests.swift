import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("The front door", .database)
struct FrontDoorTests {
    private func world(_ settings: HTTPSettings = HTTPSettings()) async throws -> DoorWorld {
        try await DoorWorld(try #require(TestDatabase.current), settings: settings)
    }

    @Test func `a host and a mount lead to the same handler, each with its own prefix`() async throws {
        let world = try await world()

        let host = try await world.ask(.get, "/things/7?x=1", host: "Things.ALBA.test.:8080")
        let mount = try await world.ask(.get, "/t/brio/proxaro/things/7")

        #expect(host.status == 200)
        #expect(host.body.contains("tenant=1\nprefix=\nroute=things.show\npath=/things/7\nquery=x=1"))
        #expect(host.body.contains(#"parameters=["id:7"]"#))
        #expect(
            mount.body.contains(
                "tenant=2\nprefix=/t/brio/proxaro\nroute=things.show\npath=/things/7\nquery=none"))
    }

    @Test func `from the mount on every problem is the dialect's own`() async throws {
        let world = try await world()

        let unknown = try await world.ask(.get, "/nothing", host: "things.alba.test")
        #expect((unknown.status, unknown.body) == (404, "tiny: path unknown"))
        let wrong = try await world.ask(.patch, "/t/alba/proxaro/things")
        #expect((wrong.status, wrong.body) == (405, "tiny: method not allowed"))
        #expect(wrong.headers[.allow] == "GET, POST")
        let slash = try await world.ask(.get, "/t/alba/proxaro/things/")
        #expect((slash.status, slash.body) == (404, "tiny: path unknown"))
    }

    @Test func `without a mount the platform answers in neutral words`() async throws {
        let world = try await world()
        for target in [
            "/", "/things", "/t/nobody/proxaro/things", "/t/alba/gate/api", "/t/alba%2Fproxaro/things", "*",
        ] {
            let answer = try await world.ask(.get, target)
            #expect(answer.status == 404, "\(target)")
            #expect(
                answer.body
                    == #"{"error":{"code":"not_found","message":"There is nothing at this address."}}"#)
            #expect(answer.headers[.contentType] == "application/json")
        }
        let wrong = try await world.ask(.post, "/health")
        #expect((wrong.status, wrong.headers[.allow]) == (405, "GET, HEAD"))
    }

    @Test func `dots and slashes never lead to another tenant`() async throws {
        let world = try await world()
        for target in [
            "/t/alba/proxaro/../../brio/proxaro/things", "/t/alba/proxaro//things",
            "/t/alba/proxaro/%2e%2e/things",
            "/t/alba/proxaro/..%2f..%2fbrio%2fproxaro%2fthings",
        ] {
            let answer = try await world.ask(.get, target)
            #expect((answer.status, answer.body) == (404, "tiny: path unknown"), "\(target)")
        }
        let below = try await world.ask(.get, "/t/brio/proxaro/things", host: "things.alba.test")
        #expect((below.status, below.body) == (404, "tiny: path unknown"))
    }

    @Test func `a tenant that is closed has no door`() async throws {
        let world = try await world()
        try await world.tenants.execute(
            "UPDATE tenants SET active = false WHERE id = \(world.tenants.brio.id)")

        #expect(try await world.ask(.get, "/t/brio/proxaro/things").status == 404)
        #expect(try await world.ask(.get, "/things", host: "things.brio.test").status == 404)
        #expect(try await world.ask(.get, "/t/alba/proxaro/things").status == 200)
    }

    @Test func `a body within the bound is handed over whole, a larger one refused after path and method`()
        async throws
    {
        var settings = HTTPSettings()
        settings.bodyMax = 100
        let world = try await world(settings)
        let large = String(repeating: "x", count: 101)

        #expect(
            try await world.ask(.post, "/t/alba/proxaro/things", body: String(repeating: "x", count: 100))
                .body
                .contains("body=100"))
        let refused = try await world.ask(.post, "/t/alba/proxaro/things", body: large)
        #expect((refused.status, refused.body) == (413, "tiny: body too large"))
        let chunked = try await world.ask(
            .post, "/t/alba/proxaro/things", [.transferEncoding: "chunked"], body: large)
        #expect(chunked.status == 413)
        #expect(try await world.ask(.post, "/t/alba/proxaro/nothing", body: large).status == 404)
        #expect(try await world.ask(.put, "/t/alba/proxaro/things", body: large).status == 405)
    }

    @Test func `HEAD answers what GET would, without its body`() async throws {
        let world = try await world()
        let get = try await world.ask(.get, "/t/alba/proxaro/things/7")
        let head = try await world.ask(.head, "/t/alba/proxaro/things/7")

        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers[.contentLength] != "0")
        #expect(get.headers[.contentLength] == "\(get.body.utf8.count)")
    }

    @Test func `a sane request id is kept, any other replaced`() async throws {
        let world = try await world()
        let name = HTTPField.Name("X-Request-Id")!

        let kept = try await world.ask(.get, "/health", [name: "Trace-1_a.b"])
        #expect(kept.headers[name] == "Trace-1_a.b")
        for insane in ["", "a b", "a\"b", "é", String(repeating: "x", count: 65)] {
            let made = try await world.ask(.get, "/health", [name: insane]).headers[name]
            #expect(made != insane)
            #expect(made?.utf8.count == 24)
        }
    }

    @Test func `two hosts in one request are nobody's`() async throws {
        let world = try await world()
        let host = HTTPField.Name("Host")!
        let answer = try await world.ask(
            .get, "/things", host: "things.alba.test", [host: "things.brio.test"])
        #expect(answer.status == 400)
    }

    @Test func `a forwarded address is believed from a trusted proxy only`() async throws {
        var settings = HTTPSettings()
        settings.trustedProxies = [NetworkPrefix("10.0.0.0/30")!]
        let world = try await world(settings)
        let forwarded = HTTPField.Name("X-Forwarded-For")!
        let list = "/t/alba/proxaro/things"

        let proxied = try await world.ask(
            .get, list, [forwarded: "6.6.6.6, 203.0.113.9, 10.0.0.2"], from: "10.0.0.1")
        #expect(proxied.body.contains("from=203.0.113.9"))
        let direct = try await world.ask(.get, list, [forwarded: "203.0.113.9"], from: "192.0.2.7")
        #expect(direct.body.contains("from=192.0.2.7"))
        let nonsense = try await world.ask(.get, list, [forwarded: "<script>"], from: "10.0.0.1")
        #expect(nonsense.body.contains("from=10.0.0.1"))
    }

    @Test func `answers are not to be stored by anybody in between`() async throws {
        let world = try await world()
        #expect(try await world.ask(.get, "/t/alba/proxaro/things").headers[.cacheControl] == "no-store")
    }
}
