/// How far tenants' clocks are ahead of the real one: a sandbox's may have been moved, every other stands at zero.
///
/// What is bought, held and owed has its tenant's time. What protects or measures (ids, rate limits, keys' ends, logs,
/// waits) has the real one.
public struct TenantClocks: Sendable, Hashable {
    private var ahead: [TenantID: Int64] = [:]

    /// - Parameter ahead: in milliseconds.
    public init(_ ahead: [TenantID: Int64] = [:]) {
        for (tenant, milliseconds) in ahead { set(milliseconds, of: tenant) }
    }

    /// In milliseconds.
    public func ahead(of tenant: TenantID) -> Int64 { ahead[tenant] ?? 0 }

    /// Takes down how far a clock is ahead, in milliseconds.
    public mutating func set(_ milliseconds: Int64, of tenant: TenantID) {
        ahead[tenant] = milliseconds == 0 ? nil : milliseconds
    }

    /// Both clocks of a tenant at one moment.
    public func time(of tenant: TenantID, at real: Instant) -> TenantTime {
        TenantTime(real: real, aheadMilliseconds: ahead(of: tenant))
    }

    /// What a tenant's clock says when the real one says `real`.
    public func now(of tenant: TenantID, at real: Instant) -> Instant { time(of: tenant, at: real).now }

    /// Takes things apart into those whose tenants' clocks agree; within a part they stay in order.
    public func parts<Item>(of items: [Item], tenant: (Item) -> TenantID) -> [[Item]] {
        // Live tenants are served all the time, and theirs are all one part.
        guard !ahead.isEmpty else { return items.isEmpty ? [] : [items] }
        var parts: [(ahead: Int64, items: [Item])] = []
        for item in items {
            let ahead = ahead(of: tenant(item))
            if let place = parts.firstIndex(where: { $0.ahead == ahead }) {
                parts[place].items.append(item)
            } else {
                parts.append((ahead, [item]))
            }
        }
        return parts.map(\.items)
    }
}

/// One moment on two clocks: the real one, and a tenant's own.
public struct TenantTime: Sendable, Hashable {
    public let real: Instant
    /// What the tenant's clock says; the real instant, unless the tenant is a sandbox whose clock was moved.
    public let now: Instant

    public init(real: Instant, aheadMilliseconds: Int64 = 0) {
        self.real = real
        now = real.adding(milliseconds: aheadMilliseconds) ?? .farthest
    }
}
