package import Billing
package import Primitives

/// Who decides a group; tests put one that is wrong in its place, to see that it is found out.
package struct Deciding: Sendable {
    package var decide: @Sendable (GroupRows, [Submission], IdentifierSequence, Instant) -> Decided

    package init(
        _ decide: @escaping @Sendable (GroupRows, [Submission], IdentifierSequence, Instant) -> Decided
    ) {
        self.decide = decide
    }

    /// The product's own engine.
    package static let engine = engine { units in
        units.map { unit in
            StockUnit(
                tenant: unit.tenant, slot: unit.slot, gateway: unit.gateway, network: unit.network,
                port: unit.port, rank: unit.rank, username: units[0].username, secret: unit.secret)
        }
    }

    /// The product's own engine, over a shelf that joins the slots of a subscription in this way.
    package static func engine(
        joining join: @escaping @Sendable ([StockUnit]) throws -> [StockUnit]
    ) -> Deciding {
        Deciding { rows, submissions, ids, now in
            var decider = Decider(rows: rows, ids: ids, now: now, join: join)
            let decisions = decider.decide(submissions)
            return Decided(
                decisions: decisions, books: decider.rows.books, writes: decider.writes, ids: decider.ids,
                highestTaken: decider.rows.shelf.highestTaken)
        }
    }
}

/// What a group's decision leaves: answers, and the rows to write.
package struct Decided {
    package var decisions: [Decision]
    package var books: Books
    package var writes: GroupWrites
    package var ids: IdentifierSequence
    package var highestTaken: [TenantKey<NetworkID>: Int64]

    package init(
        decisions: [Decision], books: Books, writes: GroupWrites, ids: IdentifierSequence,
        highestTaken: [TenantKey<NetworkID>: Int64]
    ) {
        self.decisions = decisions
        self.books = books
        self.writes = writes
        self.ids = ids
        self.highestTaken = highestTaken
    }
}

/// Where engine and model disagree, or a rule of the schema does not hold.
package struct Difference: Error, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case answer, money, coupon, slot, subscription, order, remembered, journal, constraint
    }

    package let kind: Kind
    /// What two differences have in common that come of one mistake, as far as one can tell.
    package let likeness: String
    package let text: String

    init(_ kind: Kind, _ text: String, like likeness: String? = nil) {
        self.kind = kind
        self.text = text
        self.likeness = likeness ?? kind.rawValue
    }

    package var description: String { "\(kind.rawValue): \(text)" }
}
