internal import Primitives
internal import Synchronization

/// How many exports may be downloaded at once: each holds a connection and a snapshot for as long as its client reads.
final class ExportPlaces: Sendable {
    private struct Taken {
        var all = 0
        var tenants: Set<TenantID> = []
    }

    private let taken = Mutex(Taken())
    private let limit: Int

    /// - Parameter limit: of all tenants together; each has one.
    init(limit: Int) {
        self.limit = limit
    }

    /// A place, which is free again once nobody holds it; throws `ExportRefusal`.
    func take(_ tenant: TenantID) throws(ExportRefusal) -> Place {
        let refusal: ExportRefusal? = taken.withLock { taken in
            if taken.tenants.contains(tenant) { return .running }
            if taken.all >= limit { return .busy }
            taken.all += 1
            taken.tenants.insert(tenant)
            return nil
        }
        if let refusal { throw refusal }
        return Place(tenant, self)
    }

    private func free(_ tenant: TenantID) {
        taken.withLock { taken in
            taken.all -= 1
            taken.tenants.remove(tenant)
        }
    }

    final class Place: Sendable {
        private let tenant: TenantID
        private let places: ExportPlaces

        fileprivate init(_ tenant: TenantID, _ places: ExportPlaces) {
            self.tenant = tenant
            self.places = places
        }

        deinit {
            places.free(tenant)
        }
    }
}
