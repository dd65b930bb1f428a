internal import Metrics
internal import NIOCore
internal import Primitives
internal import Synchronization

/// All open connections: how many there may be, from one source and together, and who makes room for whom.
///
/// A new connection beyond a bound takes the place of the one that has been quiet longest: first those that never
/// brought a request, then those kept between requests. While all of them are at work the new one is refused.
final class ConnectionTable: Sendable {
    /// What becomes of a new connection.
    enum Admission {
        case admitted(OpenConnection)
        case refused
    }

    private struct Places {
        var all: [OpenConnection] = []
        var bySource: [String: [OpenConnection]] = [:]
    }

    private let places = Mutex(Places())
    private let connectionsMax: Int
    private let connectionsPerSourceMax: Int
    private let unboundedSources: [NetworkPrefix]
    private let open: Meter
    private let displaced: Counter
    private let refused: Counter

    /// How many are looked at to find the quietest; all of them where there are no more.
    private static let sampleSize = 64

    /// - Parameter unboundedSources: where our own proxies are, behind which everybody is.
    init(
        connectionsMax: Int, connectionsPerSourceMax: Int, unboundedSources: [NetworkPrefix],
        metrics: any MetricsFactory
    ) {
        self.connectionsMax = connectionsMax
        self.connectionsPerSourceMax = connectionsPerSourceMax
        self.unboundedSources = unboundedSources
        open = Meter(label: "tollgate_http_connections", factory: metrics)
        displaced = Counter(label: "tollgate_http_connections_displaced_total", factory: metrics)
        refused = Counter(label: "tollgate_http_connections_refused_total", factory: metrics)
    }

    var count: Int { places.withLock { $0.all.count } }

    /// Takes a new connection in, where need be in the place of another, which is closed.
    func admit(_ channel: any Channel, from address: String) -> Admission {
        let connection = OpenConnection(channel: channel, source: SourceNetwork.of(address))
        let isBounded = ClientAddress.address(of: address).map { !unboundedSources.cover($0) } ?? true
        let (isAdmitted, leaver) = places.withLock { places in
            let fits = makeRoom(for: connection, isBounded: isBounded, in: &places)
            if fits.isAdmitted { Self.insert(connection, &places) }
            open.set(places.all.count)
            return fits
        }
        if let leaver {
            displaced.increment()
            leaver.channel.close(promise: nil)
        }
        guard isAdmitted else {
            refused.increment()
            return .refused
        }
        return .admitted(connection)
    }

    /// The connection is closed; doing it twice, or after it made room, changes nothing.
    func remove(_ connection: OpenConnection) {
        places.withLock { places in
            Self.remove(connection, &places)
            open.set(places.all.count)
        }
    }

    private func makeRoom(
        for connection: OpenConnection, isBounded: Bool, in places: inout Places
    ) -> (isAdmitted: Bool, leaver: OpenConnection?) {
        let ofSourceCount = places.bySource[connection.source]?.count ?? 0
        let isSourceFull = isBounded && ofSourceCount >= connectionsPerSourceMax
        guard isSourceFull || places.all.count >= connectionsMax else { return (true, nil) }
        let leaver = Self.quietest(
            of: isSourceFull ? places.bySource[connection.source, default: []] : places.all)
        guard let leaver, leaver.leave() else { return (false, nil) }
        Self.remove(leaver, &places)
        return (true, leaver)
    }

    private static func quietest(of connections: [OpenConnection]) -> OpenConnection? {
        let isSmall = connections.count <= sampleSize
        var best: (connection: OpenConnection, rank: Int64)?
        for index in 0..<(isSmall ? connections.count : sampleSize) {
            let connection = connections[isSmall ? index : Int.random(in: connections.indices)]
            guard let rank = connection.quietRank else { continue }
            if best.map({ rank < $0.rank }) ?? true { best = (connection, rank) }
        }
        return best?.connection
    }

    private static func insert(_ connection: OpenConnection, _ places: inout Places) {
        connection.places = (places.all.count, places.bySource[connection.source]?.count ?? 0)
        places.all.append(connection)
        places.bySource[connection.source, default: []].append(connection)
    }

    /// The last one moves into the place that becomes free.
    private static func remove(_ connection: OpenConnection, _ places: inout Places) {
        let (place, placeOfSource) = connection.places
        guard place < places.all.count, places.all[place] === connection else { return }
        let last = places.all.removeLast()
        if last !== connection {
            places.all[place] = last
            last.places.all = place
        }
        guard let lastOfSource = places.bySource[connection.source]?.popLast() else { return }
        if lastOfSource !== connection {
            places.bySource[connection.source]?[placeOfSource] = lastOfSource
            lastOfSource.places.ofSource = placeOfSource
        }
        if places.bySource[connection.source]?.isEmpty == true { places.bySource[connection.source] = nil }
    }
}
