package import Primitives

/// The free units that a group has claimed, by network, lowest rank first.
package struct Shelf: Sendable {
    private var units: [TenantKey<NetworkID>: [StockUnit]] = [:]
    private var taken: [TenantKey<NetworkID>: Int] = [:]

    package func count(_ network: TenantKey<NetworkID>) -> Int {
        (units[network]?.count ?? 0) - (taken[network] ?? 0)
    }

    /// Replaces what is on a network's shelf; nothing may have been taken from it yet.
    package mutating func fill(_ network: TenantKey<NetworkID>, with claimed: [StockUnit]) {
        precondition(taken[network] == nil, "a shelf is filled before anything is taken from it")
        units[network] = claimed
    }

    /// The next `count` units, or `nil` and nothing taken where there are fewer.
    package mutating func take(_ count: Int, from network: TenantKey<NetworkID>) -> ArraySlice<StockUnit>? {
        let start = taken[network] ?? 0
        guard let shelf = units[network], shelf.count - start >= count else { return nil }
        taken[network] = start + count
        return shelf[start..<start + count]
    }

    /// Puts back the last `count` units taken.
    mutating func putBack(_ count: Int, on network: TenantKey<NetworkID>) {
        taken[network, default: 0] -= count
    }

    /// The highest rank taken from each network.
    package var highestTaken: [TenantKey<NetworkID>: Int64] {
        var ranks: [TenantKey<NetworkID>: Int64] = [:]
        for (network, count) in taken where count > 0 { ranks[network] = units[network]?[count - 1].rank }
        return ranks
    }
}
