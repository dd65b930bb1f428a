import HTTPTypes
import Primitives
import TestSupport
import Testing

@testable import Server

@Suite("Admission", .database)
struct AdmissionTests {
    /// Both tenants' customers with a key each, in front of one limiter.
    private struct World {
        let tenants: DoorTenants
        let admission: Admission
        let keys: APIKeys

        init() async throws {
            let world = try await DoorWorld(try #require(TestDatabase.current))
            tenants = world.tenants
            admission = Admission(
                keys: world.authenticator, sessions: world.sessions, limiter: SlidingWindowLimiter())
            keys = APIKeys(
                pool: tenants.database.owner, ids: SequentialIdentifiers(), random: SeededRandom(seed: 5))
        }

        func key(of tenant: DoorTenant) async throws -> PresentedCredential {
            let draft = APIKeys.Draft(
                tenant: tenant.id, customer: tenant.customer, dialect: TinyDialect.name,
                form: TinyDialect.form)
            return .apiKey(try await keys.create(draft).key, TinyDialect.form)
        }

        /// One that is good from another address only than the requests come from.
        func pinnedKey(of tenant: DoorTenant) async throws -> PresentedCredential {
            var draft = APIKeys.Draft(
                tenant: tenant.id, customer: tenant.customer, dialect: TinyDialect.name,
                form: TinyDialect.form)
            draft.allowedSources = AllowList([NetworkPrefix("10.0.0.0/8")!])
            return .apiKey(try await keys.create(draft).key, TinyDialect.form)
        }

        func request(to tenant: DoorTenant) -> DialectRequest {
            DialectRequest(
                method: .get, path: "/things", query: nil, headers: [:], body: [],
                mount: Mount(tenant: tenant.id, dialect: TinyDialect.name, prefix: ""),
                receivedAt: tenants.database.clock.now(), id: "1", remoteAddress: "192.0.2.1")
        }

        /// What a dialect answers whose operation always refuses.
        func answer(
            _ request: DialectRequest, _ credential: PresentedCredential?, _ buckets: [RateLimitBucket]
        ) async -> DialectResponse {
            await admission.answer(request, showing: credential, under: { _ in buckets }) { _ in
                DialectResponse(status: .conflict)
            } refusing: { problem in
                switch problem {
                case .unknownCredential: DialectResponse(status: .unauthorized)
                case .limited: DialectResponse(status: .tooManyRequests)
                case .stranger, .fault: DialectResponse(status: .serviceUnavailable)
                }
            }
        }
    }

    private let two = RateLimitBucket("two", .sliding(limit: 2, window: 60_000))
    private let hour = RateLimitBucket("hour", .sliding(limit: 9, window: 3_600_000))

    @Test func `a key from elsewhere is refused like a made-up one, and noted as its customer's`()
        async throws
    {
        let world = try await World()
        let pinned = try await world.pinnedKey(of: world.tenants.alba)
        let madeUp = PresentedCredential.apiKey("tiny_" + String(repeating: "0", count: 32), TinyDialect.form)
        let (first, second) = (world.request(to: world.tenants.alba), world.request(to: world.tenants.alba))
        let refused = await world.answer(first, pinned, [two])
        let unknown = await world.answer(second, madeUp, [two])
        #expect(refused.status == .unauthorized)
        #expect(
            (refused.status, refused.headers, refused.body) == (unknown.status, unknown.headers, unknown.body)
        )
        #expect(first.note.entry?.customer == world.tenants.alba.customer)
        #expect(first.note.entry?.key == nil, "it has not been used")
        #expect(second.note.entry == nil)
        let foreign = world.request(to: world.tenants.brio)
        #expect(await world.answer(foreign, pinned, [two]).status == .unauthorized)
        #expect(foreign.note.entry == nil)
    }

    @Test func `every answer to a caller says how often they may ask, and whose it was is noted`()
        async throws
    {
        let world = try await World()
        for tenant in [world.tenants.alba, world.tenants.brio] {
            let key = try await world.key(of: tenant)
            var seen: [String] = []
            for _ in 0..<3 {
                let request = world.request(to: tenant)
                let response = await world.answer(request, key, [hour, two])
                let headers = response.headers
                seen.append(
                    "\(response.status.code) \(headers[.rateLimitLimit] ?? "-") \(headers[.rateLimitRemaining] ?? "-")"
                )
                #expect(headers[.rateLimitReset] != nil)
                #expect(request.note.entry?.customer == tenant.customer)
                #expect(request.note.entry?.principal != nil)
            }
            #expect(seen == ["409 2 1", "409 2 0", "429 2 0"])
        }
    }

    @Test func `who is nobody here is counted nowhere and noted nowhere`() async throws {
        let world = try await World()
        let key = try await world.key(of: world.tenants.alba)
        let session = try await world.admission.sessions.issue(
            for: world.tenants.alba.user, of: world.tenants.alba.customer, role: .admin,
            tenant: world.tenants.alba.id)
        for credential in [
            nil, key, .session(session.text), .session("x"), .session(""), .apiKey("", TinyDialect.form),
            .apiKey("tiny_short", TinyDialect.form),
        ] {
            let request = world.request(to: world.tenants.brio)
            let response = await world.answer(request, credential, [two])
            #expect(response.status == .unauthorized)
            #expect(response.headers[.rateLimitLimit] == nil)
            #expect(request.note.entry == nil)
        }
        let request = world.request(to: world.tenants.alba)
        let response = await world.answer(request, .session(session.text), [])
        #expect(response.status == .conflict)
        #expect(response.headers[.rateLimitLimit] == nil)
        #expect(request.note.entry?.principal == world.tenants.alba.user.retyped())
    }

    @Test(arguments: [
        (nil, nil), ("Bearer abc", "abc"), ("bearer abc", "abc"), ("BEARER a.b-c", "a.b-c"),
        ("Bearer", nil), ("Bearer ", nil), ("Bearerabc", nil), ("Basic abc", nil), ("Bearer\tabc", nil),
        ("Bearer  abc", " abc"), ("abc", nil), ("", nil),
    ])
    func `a bearer token follows its scheme and one space`(header: String?, token: String?) {
        var headers: HTTPFields = [:]
        headers[.authorization] = header
        #expect(headers.bearerToken == token)
    }

    @Test func `a credential does not print`() {
        let key = TinyDialect.form.make(SeededRandom())
        #expect(!"\(PresentedCredential.apiKey(key, TinyDialect.form))".contains(key.dropFirst(5)))
        #expect(!"\(PresentedCredential.session("ey.secret"))".contains("secret"))
    }

    private static let minute = RateLimitBucket("minute", .sliding(limit: 300, window: 60_000))
    private static let hours = RateLimitBucket("hours", .sliding(limit: 5_000, window: 3_600_000))
    private static let purchases = RateLimitBucket("purchases", .sliding(limit: 60, window: 3_600_000))
    private static let own = RateLimit.sliding(limit: 7, window: 1_000)

    /// A key's own limit says how much it may ask, not how much it may buy; `off` is for those we trust.
    @Test(arguments: [
        (nil, [minute, hours, purchases]), (.off, []), (own, [RateLimitBucket("own", own), purchases]),
    ])
    func `a key's own limit stands in place of the general ones`(
        ownLimit: RateLimit?, buckets: [RateLimitBucket]
    ) {
        let rules = RateLimitRules(general: [Self.minute, Self.hours], specific: [Self.purchases])
        #expect(rules.buckets(ownLimit: ownLimit) == buckets)
    }
}
