import HTTPTypes
import Testing

@testable import Server

@Suite("Route tables")
struct RouteTableTests {
    private let table = RouteTable([
        Route(.get, "/api/proxy", "proxy.get"), Route(.post, "/api/proxy", "proxy.post"),
        Route(.get, "/api/v1/services/{id}", "services.show"),
        Route(.put, "/api/v1/services/{id}", "services.replace"),
        Route(.get, "/api/v1/services/{id}/lines/{line}", "lines.show"),
        Route(.get, "/r/{token}", "rotate"), Route(.get, "/", "root"),
    ])

    @Test func `a literal path is found with its name and pattern`() {
        let match = RouteMatch(name: "proxy.post", pattern: "/api/proxy")
        #expect(table.match(.post, "/api/proxy") == .found(match))
        #expect(table.match(.get, "/") == .found(RouteMatch(name: "root", pattern: "/")))
    }

    @Test func `parameters are what stood between the slashes`() {
        guard case .found(let match) = table.match(.get, "/api/v1/services/abc~1/lines/0.9") else {
            Issue.record("no match")
            return
        }
        #expect(match.name == "lines.show")
        #expect(match.parameters == ["id": "abc~1", "line": "0.9"])
        #expect(match.pattern == "/api/v1/services/{id}/lines/{line}")
    }

    @Test func `another method is refused with the methods there are`() {
        #expect(table.match(.delete, "/api/proxy") == .methodNotAllowed([.get, .post]))
        #expect(table.match(.post, "/api/v1/services/7") == .methodNotAllowed([.get, .put]))
        #expect(table.match(.head, "/api/proxy") == .methodNotAllowed([.get, .post]))
        #expect(table.match(.options, "/r/x") == .methodNotAllowed([.get]))
    }

    @Test(arguments: [
        "", "*", "api/proxy", "/api/proxy/", "/api//proxy", "//api/proxy", "/API/proxy", "/api/proxy%2F",
        "/api%2Fproxy",
        "/api/./proxy", "/api/../api/proxy", "/api/v1/services", "/api/v1/services/", "/api/v1/services/.",
        "/api/v1/services/..", "/api/v1/services/a/", "/api/v1/services/a/lines",
        "/api/v1/services/a%2Flines%2Fb",
        "/api/v1/services/a%20b", "/api/v1/services/a b", "/api/v1/services/é", "/r/", "/r//x", "/r/%2e%2e",
    ])
    func `a path that is not there letter by letter is unknown`(path: String) {
        #expect(table.match(.get, path) == .unknown)
    }

    @Test func `a literal path wins over a pattern`() {
        let table = RouteTable([
            Route(.get, "/a/{id}", "any"), Route(.get, "/a/me", "me"), Route(.put, "/a/{id}", "put"),
        ])
        #expect(table.match(.get, "/a/me") == .found(RouteMatch(name: "me", pattern: "/a/me")))
        #expect(table.match(.put, "/a/me") == .methodNotAllowed([.get]))
    }

    @Test func `what a log shows of an unknown path has only the table's own words`() {
        #expect(table.masked("/api/v1/services/secret/lines/") == "/api/v1/services/…/lines/")
        #expect(table.masked("/r/abcd1234/") == "/r/…/")
        #expect(table.masked("/rk_0123456789") == "/…")
    }
}
