internal import Primitives

// Whom and what a coupon is for.
extension CatalogueParser {
    /// How many customers a coupon can list: they are read with it at every use.
    private static let listedCustomers = 1_000

    func customers(_ value: ValueReader) throws(DocumentError) -> Set<String> {
        let customers = try value.list { value throws(DocumentError) in try value.name(.email).lowercased() }
        guard !customers.isEmpty else {
            throw value.problem("a coupon for nobody is good for nothing; leave the key out")
        }
        guard customers.count <= Self.listedCustomers else {
            throw value.problem("a coupon lists at most \(Self.listedCustomers) customers")
        }
        return Set(customers)
    }

    func planReferences(_ value: ValueReader) throws(DocumentError) -> [Located<String>] {
        let plans = try value.list { value throws(DocumentError) in try value.reference(.code) }
        guard !plans.isEmpty else {
            throw value.problem("a coupon for no plan is good for nothing; leave the key out")
        }
        return plans
    }

    func kinds(_ value: ValueReader) throws(DocumentError) -> Set<OrderKind> {
        let kinds = try value.list { value throws(DocumentError) in try value.word(of: OrderKind.self) }
        guard !kinds.isEmpty else {
            throw value.problem("a coupon for no order is good for nothing; leave the key out")
        }
        guard !kinds.contains(.planChange) else {
            throw value.problem("a change of plan takes no coupon; leave plan_change out")
        }
        return Set(kinds)
    }

    /// Renewals are promised by a purchase, so the coupon has to be good for one.
    func renewals(_ value: ValueReader, of kinds: Set<OrderKind>?) throws(DocumentError) -> Int32 {
        guard kinds?.contains(.purchase) ?? true else {
            throw value.problem("renewals are promised by a purchase, which applies_to does not list")
        }
        return Int32(try value.integer(in: 1...1_200))
    }
}
