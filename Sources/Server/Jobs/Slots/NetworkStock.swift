internal import Primitives

/// How well a network is stocked.
enum StockLevel: String, Sendable, Hashable, CaseIterable {
    case enough, low, exhausted
}

/// What was last told of a network's stock.
struct ToldStock: Sendable, Hashable {
    let level: StockLevel
    /// How often it has become short.
    let crossing: Int64

    /// Of a network that was never short.
    static let nothing = ToldStock(level: .enough, crossing: 0)
}

/// A network's stock as the job sees it.
struct NetworkStock: Sendable, Hashable {
    let network: NetworkID
    let code: String
    /// Ports that its active gateways offer one by one.
    let offered: Int64
    /// Slots for sale on them.
    let ready: Int64
    /// What the catalogue says is few.
    let lowStock: Int32?
    /// When the first of these gateways came, by the real clock.
    let offeredSince: Instant
    /// `nil`: nothing was ever told.
    let told: ToldStock?

    /// How long a new network may be empty before that is told, in ms: its ports are being made.
    static let stockingMilliseconds: Int64 = 600_000

    /// Fewer ready ports than these are few: a tenth of those offered, rounded up, unless the catalogue says otherwise.
    var watermark: Int64 { lowStock.map(Int64.init) ?? (offered + 9) / 10 }

    var level: StockLevel {
        if ready == 0 { return .exhausted }
        return ready < watermark ? .low : .enough
    }

    /// What there is to tell; `nil`: nothing.
    ///
    /// What is short is told once however it goes up and down, and once more when nothing is left; then only that it has
    /// recovered, with as many ready ports as the watermark.
    ///
    /// - Parameter now: by the real clock.
    func news(at now: Instant) -> StockNews? {
        if told == nil, ready == 0, now.milliseconds(since: offeredSince) < Self.stockingMilliseconds {
            return nil
        }
        let before = told ?? .nothing
        switch (before.level, level) {
        case (.enough, .low), (.enough, .exhausted):
            return StockNews(stock: self, told: ToldStock(level: level, crossing: before.crossing + 1))
        case (.low, .exhausted), (.low, .enough), (.exhausted, .enough):
            return StockNews(stock: self, told: ToldStock(level: level, crossing: before.crossing))
        case (.exhausted, .low), (.enough, .enough), (.low, .low), (.exhausted, .exhausted): return nil
        }
    }
}

/// A change of a network's stock that is to be told.
struct StockNews: Sendable, Hashable {
    let stock: NetworkStock
    /// How it stands from now on.
    let told: ToldStock

    var kind: String {
        switch told.level {
        case .enough: "slots.recovered"
        case .low: "slots.low"
        case .exhausted: "slots.exhausted"
        }
    }

    /// What the event is about: each at most once for each time that the network has become short.
    var once: String { "\(kind):\(stock.network):\(told.crossing)" }

    var payload: JSON {
        [
            "network": .string(stock.network.description), "code": .string(stock.code),
            "ready": .integer(stock.ready), "offered": .integer(stock.offered),
            "watermark": .integer(stock.watermark),
        ]
    }
}
