import Catalog
import Primitives
import TestSupport
import Testing

@testable import Server

private let alba = TenantID(1)
private let gate = DialectName(rawValue: "gate")

extension PrincipalCache {
    /// What is remembered, with "ask the database" as `nil`.
    fileprivate func known(_ key: String, at now: Instant, tenant: TenantID = alba) -> Principal?? {
        switch find(CredentialDigest(of: key), as: .apiKey, tenant, gate, at: now) {
        case .known(let facts): .some(facts?.verdict(at: now).principal)
        case .unknown: nil
        }
    }

    fileprivate func remember(
        _ principal: Principal?, for key: String, expiresAt: Instant? = nil, at now: Instant
    ) {
        let digest = CredentialDigest(of: key)
        guard case .unknown(let ticket) = find(digest, as: .apiKey, alba, gate, at: now) else { return }
        let facts = principal.map { CredentialFacts(principal: $0, expiresAt: expiresAt) }
        remember(facts, for: digest, as: .apiKey, alba, gate, ticket, at: now)
    }
}

@Suite("The cache of principals")
struct PrincipalCacheTests {
    private let clock = ManualClock()
    private let alice = Principal(
        tenant: alba, dialect: gate, customer: CustomerID(bits: .zero), id: PrincipalID(bits: .zero),
        kind: .apiKey(trials: true, scopes: []))

    private func heard() -> PrincipalCache {
        let cache = PrincipalCache()
        cache.setTrusted(true)
        return cache
    }

    @Test func `nothing is remembered while nobody hears of changes`() {
        let cache = PrincipalCache()
        cache.remember(alice, for: "k", at: clock.now())
        #expect(cache.known("k", at: clock.now()) == nil)

        cache.setTrusted(true)
        cache.remember(alice, for: "k", at: clock.now())
        #expect(cache.known("k", at: clock.now()) == .some(alice))

        cache.setTrusted(false)
        #expect(cache.known("k", at: clock.now()) == nil)
        #expect(cache.count == 0)
    }

    /// The look began before the key was revoked and ended after: what it saw must not be remembered.
    @Test func `a look that a change has overtaken is not remembered`() {
        let cache = heard()
        let digest = CredentialDigest(of: "k")
        guard case .unknown(let ticket) = cache.find(digest, as: .apiKey, alba, gate, at: clock.now()) else {
            Issue.record("the cache was not empty")
            return
        }
        cache.forget(digest)
        let facts = CredentialFacts(principal: alice)
        cache.remember(facts, for: digest, as: .apiKey, alba, gate, ticket, at: clock.now())
        #expect(cache.known("k", at: clock.now()) == nil)
    }

    @Test func `a key that is known as a key is not known as a session's token`() {
        let cache = heard()
        cache.remember(alice, for: "k", at: clock.now())
        guard case .unknown = cache.find(CredentialDigest(of: "k"), as: .session, alba, gate, at: clock.now())
        else {
            Issue.record("the key opened the other door too")
            return
        }
        #expect(cache.known("k", at: clock.now()) == .some(alice))
    }

    @Test func `a credential's own end counts on every use`() {
        let cache = heard()
        let end = Instant(milliseconds: clock.now().milliseconds + 1_000)
        cache.remember(alice, for: "k", expiresAt: end, at: clock.now())
        clock.advance(milliseconds: 999)
        #expect(cache.known("k", at: clock.now()) == .some(alice))
        clock.advance(milliseconds: 1)
        #expect(cache.known("k", at: clock.now()) == .some(nil))
    }

    @Test func `what was known before does not come back when the clock jumps back`() {
        let cache = heard()
        cache.remember(alice, for: "k", at: clock.now())
        let later = Instant(milliseconds: clock.now().milliseconds + 30_000)
        cache.remember(nil, for: "k", at: later)
        #expect(cache.known("k", at: later) == .some(nil))
        #expect(cache.known("k", at: clock.now()) == nil)
    }

    @Test func `an entry grows old, whatever the listener says, and sooner where it names nobody`() {
        let cache = heard()
        cache.remember(alice, for: "k", at: clock.now())
        cache.remember(nil, for: "made-up", at: clock.now())
        clock.advance(milliseconds: 4_999)
        #expect(cache.known("made-up", at: clock.now()) == .some(nil))
        clock.advance(milliseconds: 1)
        #expect(cache.known("made-up", at: clock.now()) == nil)
        #expect(cache.known("k", at: clock.now()) == .some(alice))
        clock.advance(milliseconds: 25_000)
        #expect(cache.known("k", at: clock.now()) == nil)
    }

    @Test func `a clock that jumped back makes us ask again`() {
        let cache = heard()
        cache.remember(alice, for: "k", at: clock.now())
        clock.advance(milliseconds: -1)
        #expect(cache.known("k", at: clock.now()) == nil)
    }

    @Test func `the same key at another tenant's door is another question`() {
        let cache = heard()
        cache.remember(alice, for: "k", at: clock.now())
        #expect(cache.known("k", at: clock.now(), tenant: TenantID(2)) == nil)
    }

    @Test func `a million made-up keys cost no more than their bound, and push no real one out`() async {
        let cache = PrincipalCache(limit: 1_000, nobodyLimit: 1_000)
        cache.setTrusted(true)
        cache.remember(alice, for: "k", at: clock.now())
        for number in 0..<1_000_000 {
            if number.isMultiple(of: 512) { await Task.yield() }
            // Digests of made-up texts, without the cost of hashing a million of them.
            let digits = String(number, radix: 16)
            let word = String(repeating: "0", count: 16 - digits.count) + digits
            let digest = CredentialDigest(hex: word + word + word + word)!
            guard case .unknown(let ticket) = cache.find(digest, as: .apiKey, alba, gate, at: clock.now())
            else {
                continue
            }
            cache.remember(nil, for: digest, as: .apiKey, alba, gate, ticket, at: clock.now())
        }
        #expect(cache.count <= 1_001)
        #expect(cache.known("k", at: clock.now()) == .some(alice))
    }

    @Test func `a bounded map keeps what is used`() {
        var map = BoundedMap<Int, Int>(limit: 10)
        map.insert(0, 0)
        for number in 1..<1_000 {
            map.insert(number, number)
            #expect(map.use(0) == 0)
            #expect(map.count <= 10)
        }
        map.remove(0)
        #expect(map.use(0) == nil)
    }
}
