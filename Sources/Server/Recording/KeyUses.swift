internal import Primitives

/// When keys were last used, as far as it has to be written down: to the minute.
struct KeyUses {
    /// A key that was good for something.
    struct Use: Sendable, Hashable {
        let tenant: TenantID
        let key: APIKeyID
        let at: Instant
    }

    private struct Name: Hashable {
        let tenant: TenantID
        let key: APIKeyID
    }

    private var written = BoundedMap<Name, Instant>(limit: 65_536)
    private var waiting: [Use] = []

    /// How old what is written may be before it is written again.
    static let intervalMilliseconds: Int64 = 60_000
    /// Bounds what waits while the database is away.
    private static let waitingMax = 10_000

    mutating func note(_ key: APIKeyID, of tenant: TenantID, at now: Instant) {
        let name = Name(tenant: tenant, key: key)
        if let last = written.use(name), now.milliseconds(since: last) < Self.intervalMilliseconds { return }
        guard waiting.count < Self.waitingMax else { return }
        written.insert(now, name)
        waiting.append(Use(tenant: tenant, key: key, at: now))
    }

    /// What is to be written now.
    mutating func due() -> [Use] {
        defer { waiting = [] }
        return waiting
    }
}
