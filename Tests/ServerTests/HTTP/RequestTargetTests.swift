import Testing

@testable import Server

@Suite("Request targets")
struct RequestTargetTests {
    @Test(arguments: [
        ("gate.alba.test", "gate.alba.test"), ("Gate.ALBA.Test", "gate.alba.test"),
        ("gate.alba.test:8080", "gate.alba.test"), ("gate.alba.test.", "gate.alba.test"),
        ("GATE.alba.test.:443", "gate.alba.test"), ("127.0.0.1:8080", "127.0.0.1"), ("[::1]:8080", "[::1]"),
        ("", ""), (":80", ""),
    ])
    func `a host is compared in lower case, without port and trailing dot`(authority: String, host: String) {
        #expect(RequestTarget(authority: authority, target: "/").host == host)
    }

    @Test(
        arguments: [
            ("/a/b?x=1&y=2", "/a/b", "x=1&y=2"), ("/a?", "/a", ""), ("/a", "/a", nil),
            ("/a?x?y", "/a", "x?y"),
            ("/a#f?x", "/a", nil), ("/a?x#f", "/a", "x"), ("*", "", nil), ("", "", nil),
            ("/a%2Fb", "/a%2Fb", nil),
        ] as [(String, String, String?)])
    func `path and query are taken apart and otherwise left alone`(
        target: String, path: String, query: String?
    ) {
        let target = RequestTarget(authority: "h", target: target)
        #expect(target.path == path)
        #expect(target.query == query)
    }

    @Test func `the absolute form names its own host`() {
        let target = RequestTarget(authority: "brio.test", target: "http://Alba.test:80/a/b?x=1")
        #expect(target == RequestTarget(authority: "alba.test", target: "/a/b?x=1"))
        #expect(RequestTarget(authority: "brio.test", target: "https://alba.test").path == "")
    }

    /// A name of thousands of combining marks would take seconds to look up, before anybody has shown a key.
    @Test func `what is not visible ASCII is no host and no path`() {
        let marks = String(repeating: "\u{301}\u{316}", count: 4_000)
        for text in ["/t/a\(marks)/gate", "/\u{e9}", "/a b", "/\u{7F}"] {
            let target = RequestTarget(authority: "a\(marks)", target: text)
            #expect(target.host == "" && target.path == "" && target.query == nil)
        }
    }
}
