import Catalog
import Primitives
import Provisioning

@testable import Server

/// One reseller of a gate world, with the ids of everything it has; two of them differ in ids and hosts only.
struct GateTenant: Sendable {
    let id: TenantID
    let slug: String

    let amsterdam: NetworkID
    let berlin: NetworkID
    let vienna: NetworkID
    /// Not active.
    let paris: NetworkID
    /// Active, without a single slot.
    let madrid: NetworkID

    let mobile30: PlanID
    let mobile7: PlanID
    /// Sold without rotation.
    let berlin30: PlanID
    let madrid30: PlanID
    /// Has a wholesale price, and the tenant's float is empty.
    let resold: PlanID
    let vienna30: PlanID
    /// So dear that its price times 120 leaves Int64.
    let dear: PlanID
    let retired: PlanID
    let paris30: PlanID
    let onRequest: PlanID
    let elsewhere: PlanID
    let foreign: PlanID

    let alice: GateCustomer
    let bob: GateCustomer
    /// Closed.
    let zoe: GateCustomer

    init(_ id: TenantID, _ slug: String, _ ids: any IdentifierSource, at now: Instant) {
        self.id = id
        self.slug = slug
        amsterdam = ids.next(at: now)
        berlin = ids.next(at: now)
        vienna = ids.next(at: now)
        paris = ids.next(at: now)
        madrid = ids.next(at: now)
        mobile30 = ids.next(at: now)
        mobile7 = ids.next(at: now)
        berlin30 = ids.next(at: now)
        madrid30 = ids.next(at: now)
        resold = ids.next(at: now)
        vienna30 = ids.next(at: now)
        dear = ids.next(at: now)
        retired = ids.next(at: now)
        paris30 = ids.next(at: now)
        onRequest = ids.next(at: now)
        elsewhere = ids.next(at: now)
        foreign = ids.next(at: now)
        alice = GateCustomer("alice", of: slug, trials: true, ids, now)
        bob = GateCustomer("bob", of: slug, trials: false, ids, now)
        zoe = GateCustomer("zoe", of: slug, trials: true, ids, now)
    }

    var host: String { "gate.\(slug).test" }
    var mount: String { "/t/\(slug)/gate" }
}

/// A customer with a key and two people who sign in.
struct GateCustomer: Sendable {
    let id: CustomerID
    let name: String
    let key: String
    let keyID: APIKeyID
    let mayTakeTrials: Bool
    let admin: UserID
    let viewer: UserID

    init(_ name: String, of slug: String, trials: Bool, _ ids: any IdentifierSource, _ now: Instant) {
        id = ids.next(at: now)
        keyID = ids.next(at: now)
        admin = ids.next(at: now)
        viewer = ids.next(at: now)
        self.name = name
        mayTakeTrials = trials
        let body = "\(slug)-\(name)"
        key = "rk_" + body + String(repeating: "0", count: 40 - body.utf8.count)
    }
}

extension Identifier {
    /// The gate's spelling.
    var gate: String { bits.base36String }
}
