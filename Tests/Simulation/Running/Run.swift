internal import Billing
internal import Catalog
internal import Primitives

/// Plays a script: the engine over tables on one side, the model on the other, compared after every group.
package struct Run {
    var model = Model()
    var tables = Tables()
    var waiting: [Waiting] = []
    private(set) var sights = Sights()
    /// Requests that got their answer, a refusal included.
    package private(set) var settled = 0

    private let deciding: Deciding
    private let keys = KeysInFlight()
    private var ids = IdentifierSequence(seed: 0)
    private var crashes = 0
    private var cursors: [TenantKey<NetworkID>: Int64] = [:]
    var subscriptionIDs: [SubscriptionName: SubscriptionID] = [:]
    var subscriptionNames: [SubscriptionID: SubscriptionName] = [:]

    struct Waiting {
        let request: Request
        let submission: Submission
    }

    package init(deciding: Deciding = .engine) {
        self.deciding = deciding
    }

    /// Plays a whole script, and compares everything at its end.
    package mutating func play(_ lines: [Line]) throws(Difference) {
        for line in lines { try play(line) }
        try finish()
    }

    /// Carries out whoever still waits, and compares everything.
    mutating func finish() throws(Difference) {
        try commit(waiting.count)
        try compareEverything()
    }

    mutating func play(_ line: Line) throws(Difference) {
        switch line {
        case .books(let tenant, let currency, let limit):
            model.declare(books: tenant, currency, limit: limit)
            tables.declare(books: tenant, currency, limit: limit)
        case .customer(let line):
            model.declare(line)
            tables.declare(line)
        case .network(let line):
            model.declare(line)
            tables.declare(line)
        case .plan(let line):
            model.plans[line.name] = line
            tables.declare(line)
        case .coupon(let line):
            model.declare(line)
            tables.declare(line)
        case .list(let line):
            model.declare(line)
            tables.declare(line)
        case .clock(let milliseconds): turnClock(to: milliseconds)
        case .ask(let request): try ask(request)
        case .commit(let count): try commit(count)
        case .crash(let count): crash(count)
        case .shuffle(let seed): shuffle(seed)
        case .expire:
            model.expire()
            let now = Instant(milliseconds: model.now)
            try holding { tables throws(Tables.Violation) in try tables.expire(at: now) }
        case .restock:
            model.restock()
            tables.restock()
        case .relocate(let tenant, let subscription, let network):
            try relocate(tenant, subscription, network)
        }
    }

    private mutating func turnClock(to milliseconds: Int64) {
        sights.see(
            milliseconds > model.now ? .clockForward : milliseconds < model.now ? .clockBack : .clockStopped)
        model.now = milliseconds
    }

    /// A key whose first request waits is refused at once; the others wait for the next group.
    private mutating func ask(_ asked: Request) throws(Difference) {
        let request = known(asked)
        let submission = submission(request)
        let mayWait = keys.enter(submission)
        let isFirst = request.keyName.map { name in !waiting.contains { $0.request.keyName == name } } ?? true
        guard mayWait == isFirst else {
            throw Difference(
                .answer, "request \(request.number): a key in flight was not seen as the model sees it")
        }
        if mayWait {
            waiting.append(Waiting(request: request, submission: submission))
        } else {
            sights.see(.idempotencyKeyInFlight)
            settled += 1
        }
    }

    /// The process dies between decision and commit: nothing is written, and other ids are made after it.
    private mutating func crash(_ count: Int) {
        let group = waiting.prefix(count)
        guard !group.isEmpty else { return }
        let submissions = group.map(\.submission)
        let now = Instant(milliseconds: model.now)
        let lost = deciding.decide(tables.read(submissions, cursors: cursors), submissions, ids, now)
        crashes += 1
        // A lane that lost its connection goes on with its ids, a new process starts its own.
        ids = crashes % 2 == 0 ? lost.ids : IdentifierSequence(seed: UInt64(crashes))
        cursors = [:]
        sights.see(.crashed)
    }

    private mutating func shuffle(_ seed: UInt64) {
        guard waiting.count > 1 else { return }
        var dice = Dice(seed: seed)
        for place in waiting.indices.dropFirst() { waiting.swapAt(place, dice.below(place + 1)) }
        sights.see(.reordered)
    }

    private mutating func commit(_ count: Int) throws(Difference) {
        let group = Array(waiting.prefix(count))
        guard !group.isEmpty else { return }
        waiting.removeFirst(group.count)
        let submissions = group.map(\.submission)
        let now = Instant(milliseconds: model.now)
        let rows = tables.read(submissions, cursors: cursors)
        let decided = deciding.decide(rows, submissions, ids, now)
        ids = decided.ids
        guard decided.decisions.count == group.count else {
            throw Difference(.answer, "a group of \(group.count) got \(decided.decisions.count) answers")
        }
        model.justLent = []
        for (member, decision) in zip(group, decided.decisions) { try compare(decision, member.request) }
        model.endTransaction()
        try holding { tables throws(Tables.Violation) in
            try tables.write(decided.writes, decided.books, at: now)
        }
        cursors.merge(decided.highestTaken) { $1 }
        for member in group { keys.leave(member.submission) }
        settled += group.count
        try compareAfter(group.map(\.request), decided.decisions)
        note(group.map(\.request))
    }

    private mutating func relocate(
        _ tenant: Int, _ name: SubscriptionName, _ network: Int
    ) throws(Difference) {
        guard let id = subscriptionIDs[name], model.subscriptions[name]?.tenant == tenant else { return }
        let key = TenantKey(tenant: Names.tenant(tenant), name: id)
        var slot: SlotID?
        let now = Instant(milliseconds: model.now)
        try holding { tables throws(Tables.Violation) in
            slot = try tables.relocate(key, to: Names.network(network), at: now)
        }
        guard let slot else { return }
        model.giveBack(name)
        guard model.lend(Names.slotName(slot, key.tenant), to: name) else {
            throw Difference(.slot, "subscription \(name.word) was moved to a slot that was not free")
        }
        sights.see(.relocated)
    }

    private mutating func holding(
        _ write: (inout Tables) throws(Tables.Violation) -> Void
    ) throws(Difference) {
        do throws(Tables.Violation) {
            try write(&tables)
        } catch {
            throw Difference(.constraint, error.constraint, like: error.constraint)
        }
    }

    mutating func see(_ sight: Sight) { sights.see(sight) }

    /// What the model has seen on the way, and what the group was like.
    private mutating func note(_ requests: [Request]) {
        for sight in model.sights { sights.see(sight) }
        model.sights.removeAll(keepingCapacity: true)
        sights.see(requests.count == 1 ? .groupOfOne : .groupOfMany)
        if requests.contains(where: { $0.tenant != requests[0].tenant }) { sights.see(.twoTenantsInOneGroup) }
        let refund = requests.firstIndex {
            switch $0.action {
            case .refund, .cancellation, .planChange: true
            case .purchase, .trial, .renewal, .topUp, .floatTopUp, .adjustment: false
            }
        }
        if let refund, requests[refund...].contains(where: { $0.coupon != nil }) {
            sights.see(.refundAndCouponInOneGroup)
        }
    }
}

extension Request {
    fileprivate var coupon: Int? {
        switch action {
        case .purchase(let purchase): purchase.coupon
        case .renewal(let renewal): renewal.coupon
        case .trial, .topUp, .floatTopUp, .refund, .cancellation, .planChange, .adjustment: nil
        }
    }
}
