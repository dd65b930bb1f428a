import AsyncHTTPClient
import Foundation
import NIOCore
import Primitives
import TestSupport
import Testing

@testable import Server

/// The first people of an installation, let in from the command line, beside a server that knows them at once.
@Suite("The command line of staff")
struct StaffCommandTests {
    private static let catalogue = """
        tenants:
          - {slug: alba, name: Alba, currency: USD}
          - {slug: brio, name: Brio, currency: JPY}
        """

    private func post(_ url: String, _ body: JSON, token: String? = nil) async throws -> (Int, JSON) {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        request.body = .bytes(ByteBuffer(bytes: body.encoded()))
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let text = try await answer.body.collect(upTo: 1 << 20)
        return (Int(answer.status.code), try JSON.parse(Array(buffer: text)))
    }

    @Test func `whoever was created signs in, and whoever was reset does with another password`() async throws
    {
        try await withEmbeddedFolder { folder in
            let (data, file) = ("\(folder)/data", "\(folder)/catalogue.yaml")
            try Self.catalogue.write(toFile: file, atomically: false, encoding: .utf8)
            let up = try RunningTollgate(data, ["--apply", file])
            let admin = try await up.ready() + "/admin/v1"
            func tollgate(_ arguments: String...) async throws -> CommandResult {
                try await runCommand(Tollgate.path, ["staff"] + arguments + ["--data", data, "--json"])
            }
            func signIn(_ made: CommandResult, _ tenant: String?) async throws -> (Int, JSON) {
                var body = JSONObject()
                body["email"] = "ann@example.com"
                body["password"] = try #require(try JSON.parse(made.output.utf8)["password"], "\(made)")
                if let tenant { body["tenant"] = .string(tenant) }
                return try await post("\(admin)/sessions", .object(body))
            }
            let platform = try await tollgate("create", "--email", "Ann@example.com", "--role", "owner")
            let (status, session) = try await signIn(platform, nil)
            #expect((status, session["role"]) == (201, "owner"))
            let (made, _) = try await post(
                "\(admin)/tenants/alba/keys", ["name": "robot", "role": "read_only"],
                token: session["token"]?.stringValue)
            #expect(made == 201)

            let alba = try await tollgate(
                "create", "--email", "ann@example.com", "--role", "support", "--tenant", "alba")
            #expect(try await signIn(alba, "alba").0 == 201)
            #expect(try await signIn(alba, "brio").0 == 401)
            let reset = try await tollgate("reset", "ann@example.com", "--tenant", "alba")
            #expect(try await signIn(alba, "alba").0 == 401)
            #expect(try await signIn(reset, "alba").0 == 201)

            let twice = try await tollgate("create", "--email", "ann@example.com", "--role", "owner")
            #expect((twice.status, twice.errors.contains("is ann@example.com already")) == (1, true))
            #expect(try await tollgate("create", "--email", "ann", "--role", "owner").status == 2)
            #expect(try await tollgate("create", "--email", "a@b", "--role", "boss").status == 2)
            #expect(try await tollgate("reset", "nobody@example.com").status == 1)
            let listed = try await tollgate("list", "--tenant", "alba")
            #expect(try JSON.parse(listed.output.utf8).arrayValue?.map { $0["role"] } == ["support"])
            #expect(try await Tollgate.run("verify", "--data", data).status == 0)
            #expect(try await up.end(SIGTERM) == 0)
        }
    }
}
