import HTTPTypes
import Logging
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Request logs", .database)
struct RequestLogTests {
    @Test func `every request leaves one JSON line`() async throws {
        let world = try await DoorWorld(try #require(TestDatabase.current))
        _ = try await world.ask(.get, "/t/brio/proxaro/things/7?x=1", [.requestID: "r-1"])

        #expect(world.log.all.count == 1)
        let line = try JSON.parse(try #require(world.log.all.first).utf8)
        #expect(line["time"] == "2026-01-31T00:00:00.000Z")
        #expect(line["level"] == "info")
        #expect(line["message"] == "request")
        #expect(line["request_id"] == "r-1")
        #expect(line["method"] == "GET")
        #expect(line["path"] == "/t/brio/proxaro/things/{id}")
        #expect(line["route"] == "things.show")
        #expect(line["status"] == 200)
        #expect(line["tenant"] == 2)
        #expect(line["dialect"] == "proxaro")
        #expect(line["remote"] == "192.0.2.1")
        #expect((line["microseconds"]?.integralValue ?? -1) >= 0)
    }

    /// A secret in every place that a client can put one in.
    @Test func `no secret of a request is logged`() async throws {
        let world = try await DoorWorld(try #require(TestDatabase.current), password: "hunter2hunter2")
        let secret = "s3cretS3cret"
        for target in [
            "/t/alba/proxaro/link/\(secret)", "/t/alba/proxaro/link/\(secret)/", "/t/alba/proxaro/\(secret)",
            "/\(secret)", "/t/\(secret)/proxaro/things", "/t/alba/\(secret)/things",
            "/t/alba/proxaro/things?key=\(secret)", "/t/alba/proxaro/things/%\(secret)", "/health/\(secret)",
        ] {
            _ = try await world.ask(
                .get, target,
                [
                    .authorization: "Bearer \(secret)", HTTPField.Name("x-api-key")!: secret,
                    .requestID: "\(secret)!",
                    .idempotencyKey: secret, .cookie: secret,
                ])
        }
        _ = try await world.ask(
            .post, "/t/alba/account/v1/sessions", [.contentType: "application/json"],
            body: #"{"email":"\#(secret)@x.test","password":"\#(secret)"}"#)
        let signedIn = try await world.ask(
            .post, "/t/alba/account/v1/sessions", [.contentType: "application/json"],
            body: #"{"email":"ann@example.test","password":"hunter2hunter2"}"#)
        let token = try #require(try JSON.parse(signedIn.body.utf8)["token"]?.stringValue)

        #expect(world.log.all.count == 11)
        for line in world.log.all {
            #expect(!line.contains(secret), "\(line)")
            #expect(!line.contains("hunter2"), "\(line)")
            #expect(!line.contains(token.suffix(20)), "\(line)")
        }
        #expect(!world.metrics.render().contains(secret))
    }

    @Test func `at warning only our own failures are logged`() async throws {
        let lines = CapturedLines()
        let log = RequestLog(sink: lines, level: .warning, clock: ManualClock())
        let record = RequestRecord(
            method: .get, path: "/", route: "x", status: 404, microseconds: 1, tenant: nil,
            dialect: "platform",
            requestID: "r", remoteAddress: "")
        log.write(record)
        var failed = record
        failed.status = 503
        log.write(failed)

        #expect(lines.all.count == 1)
        #expect(lines.all[0].contains(#""level":"error""#))
    }

    @Test func `what the process logs is JSON, whatever its metadata`() throws {
        let lines = CapturedLines()
        var logger = Logger(label: "tests") {
            JSONLogHandler(label: $0, level: .info, sink: lines, clock: ManualClock())
        }
        logger[metadataKey: "part"] = "lane"
        logger.info(
            "a \"quoted\"\nline", metadata: ["list": ["a", "b"], "map": ["k": .stringConvertible(7)]])
        logger.debug("unheard")

        #expect(lines.all.count == 1)
        let line = try JSON.parse(lines.all[0].utf8)
        #expect(line["message"] == "a \"quoted\"\nline")
        #expect(line["logger"] == "tests")
        #expect(line["part"] == "lane")
        #expect(line["list"] == ["a", "b"])
        #expect(line["map"] == ["k": "7"])
    }
}
