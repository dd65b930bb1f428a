import Catalog
import Crypto
import Foundation
import JWTKit
import Primitives
import Provisioning
import TestSupport
import Testing

@testable import Server

@Suite("Sessions", .database)
struct SessionsTests {
    private let proxaro = TinyDialect.name

    private func world() async throws -> (DoorWorld, SessionToken) {
        let world = try await DoorWorld(try #require(TestDatabase.current))
        let alba = world.tenants.alba
        let token = try await world.sessions.issue(
            for: alba.user, of: alba.customer, role: .admin, tenant: alba.id)
        return (world, token)
    }

    /// What a token says, taken apart.
    private func claims(_ token: String) throws -> JSON {
        let parts = token.split(separator: ".")
        return try JSON.parse(try #require(Base64URL.decode(parts[1].utf8)))
    }

    private func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    @Test func `a token is its person's, at every door of its tenant`() async throws {
        let (world, token) = try await world()
        let alba = world.tenants.alba
        for dialect in [proxaro, Sessions.account] {
            #expect(
                try await world.sessions.principal(for: token.text, tenant: alba.id, dialect: dialect)
                    == Principal(
                        tenant: alba.id, dialect: dialect, customer: alba.customer, id: alba.user.retyped(),
                        kind: .session(.admin)))
        }
        let said = try claims(token.text)
        #expect(said["iss"] == "tollgate")
        #expect(said["aud"] == ["account", "proxaro"])
        #expect(said["tid"] == 1)
        #expect(said["cid"]?.stringValue == alba.customer.description)
        #expect(said["sub"]?.stringValue == alba.user.description)
        #expect(said["role"] == "admin")
        #expect(said["exp"]?.integralValue == token.expiresAt.milliseconds / 1_000)
        #expect(said["exp"]?.integralValue == (said["iat"]?.integralValue ?? 0) + 86_400)
        #expect(said["jti"]?.stringValue?.count == 32)
    }

    @Test func `another tenant's or another audience's token is nobody's`() async throws {
        let (world, token) = try await world()
        #expect(
            try await world.sessions.principal(
                for: token.text, tenant: world.tenants.brio.id, dialect: proxaro) == nil)
        #expect(
            try await world.sessions.principal(
                for: token.text, tenant: world.tenants.alba.id, dialect: DialectName(rawValue: "opproxy"))
                == nil)
    }

    @Test func `a token ends on the second, by our clock`() async throws {
        let (world, token) = try await world()
        world.cache.setTrusted(true)
        let alba = world.tenants.alba.id
        world.clock.advance(milliseconds: 86_399_999)
        #expect(try await world.sessions.principal(for: token.text, tenant: alba, dialect: proxaro) != nil)
        world.clock.advance(milliseconds: 1)
        #expect(try await world.sessions.principal(for: token.text, tenant: alba, dialect: proxaro) == nil)
    }

    @Test func `a tampered token is nobody's`() async throws {
        let (world, token) = try await world()
        let parts = token.text.split(separator: ".").map(String.init)
        let alba = world.tenants.alba
        let payload = String(decoding: try #require(Base64URL.decode(parts[1].utf8)), as: UTF8.self)
        let forged = base64(payload.replacing("admin", with: "owner"))
        for text in [
            "\(parts[0]).\(forged).\(parts[2])", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])",
            "\(parts[0]).\(parts[1]).\(parts[2]).\(parts[2])", "..", "", "x",
            String(repeating: "a", count: 5_000),
            "\(parts[0]).\(parts[1]).\(parts[2].reversed().map(String.init).joined())",
        ] {
            #expect(
                try await world.sessions.principal(for: text, tenant: alba.id, dialect: proxaro) == nil,
                "\(text)")
        }
    }

    /// Signed with the tenant's real key, but by another algorithm or under another header than ours.
    @Test func `the algorithm is ours to choose`() async throws {
        let (world, token) = try await world()
        let alba = world.tenants.alba.id
        let payload = token.text.split(separator: ".")[1]
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: DoorWorld.installationKey), salt: Data("tollgate".utf8),
            info: Data("session signing, key 1, tenant 1".utf8), outputByteCount: 32)

        func signed(_ header: String, _ sign: (Data) -> Data) -> String {
            let text = "\(base64(header)).\(payload)"
            let signature = sign(Data(text.utf8)).base64EncodedString()
            return text + "."
                + signature.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        func hs256(_ data: Data) -> Data { Data(HMAC<SHA256>.authenticationCode(for: data, using: key)) }

        // The construction itself is right: with our own header it is accepted.
        let ours = signed(#"{"alg":"HS256","kid":"1","typ":"JWT"}"#, hs256)
        #expect(try await world.sessions.principal(for: ours, tenant: alba, dialect: proxaro) != nil)
        let none = signed(#"{"alg":"none","kid":"1"}"#) { _ in Data() }
        let hs512 = signed(#"{"alg":"HS512","kid":"1"}"#) {
            Data(HMAC<SHA512>.authenticationCode(for: $0, using: key))
        }
        for text in [
            none, hs512, signed(#"{"alg":"none","kid":"1"}"#, hs256),
            signed(#"{"alg":"RS256","kid":"1"}"#, hs256),
            signed(#"{"alg":"HS512","kid":"1"}"#, hs256), signed(#"{"alg":"hs256","kid":"1"}"#, hs256),
            signed(#"{"alg":"HS256","kid":"2"}"#, hs256), signed(#"{"alg":"HS256"}"#, hs256),
            signed("{}", hs256),
            signed(#"{"alg":"HS256","kid":"1","crit":["exp"]}"#, hs256),
            signed(#"{"alg":"HS256","alg":"HS256","kid":"1"}"#, hs256),
        ] {
            #expect(
                try await world.sessions.principal(for: text, tenant: alba, dialect: proxaro) == nil,
                "\(text)")
        }
    }

    @Test func `a person who is no longer served has no session, and a new role counts at once`() async throws
    {
        let (world, token) = try await world()
        let alba = world.tenants.alba
        try await world.tenants.execute("UPDATE customer_users SET role = 'viewer' WHERE tenant_id = 1")
        let viewer = try await world.sessions.principal(for: token.text, tenant: alba.id, dialect: proxaro)
        #expect(viewer?.kind == .session(.viewer))

        try await world.tenants.execute("UPDATE customer_users SET active = false WHERE tenant_id = 1")
        #expect(try await world.sessions.principal(for: token.text, tenant: alba.id, dialect: proxaro) == nil)
        try await world.tenants.execute("UPDATE customer_users SET active = true WHERE tenant_id = 1")
        try await world.tenants.execute("UPDATE customers SET active = false WHERE tenant_id = 1")
        #expect(try await world.sessions.principal(for: token.text, tenant: alba.id, dialect: proxaro) == nil)
    }

    @Test func `every tenant and every installation signs with a key of its own`() async throws {
        let (world, token) = try await world()
        let alba = world.tenants.alba
        let elsewhere = Sessions(
            pool: world.database.pool(.door), cache: PrincipalCache(), clock: world.clock,
            random: SeededRandom(),
            installationKey: SymmetricKey(data: [UInt8](repeating: 8, count: 32)), audiences: [proxaro])
        #expect(try await elsewhere.principal(for: token.text, tenant: alba.id, dialect: proxaro) == nil)
    }

    @Test func `a new installation key signs, tokens of the old one are good until it is taken away`()
        async throws
    {
        let (world, old) = try await world()
        let alba = world.tenants.alba
        let former = InstallationKey(id: 1, bytes: DoorWorld.installationKey)!
        let newest = InstallationKey(id: 2, bytes: [UInt8](repeating: 9, count: 32))!
        func sessions(_ keys: InstallationKey...) -> Sessions {
            Sessions(
                pool: world.database.pool(.door), cache: PrincipalCache(), clock: world.clock,
                random: SeededRandom(), installationKeys: InstallationKeys(keys)!, audiences: [proxaro])
        }
        func isGood(_ token: SessionToken, _ sessions: Sessions) async throws -> Bool {
            try await sessions.principal(for: token.text, tenant: alba.id, dialect: proxaro) != nil
        }
        let user = try #require(
            try await sessions(former).principal(for: old.text, tenant: alba.id, dialect: proxaro))
        // First every process learns to verify with the new key, then they sign with it, then the old one goes.
        #expect(try await isGood(old, sessions(former, newest)))
        #expect(try await isGood(old, sessions(newest, former)))
        let new = try await sessions(newest, former).issue(
            for: UserID(bits: user.id.bits), of: user.customer, role: .admin, tenant: alba.id)
        #expect(try await isGood(new, sessions(former, newest)))
        #expect(try await isGood(new, sessions(newest)))
        #expect(try await isGood(new, sessions(former)) == false)
        #expect(try await isGood(old, sessions(newest)) == false)
    }
}
