internal import Catalog
internal import Primitives

/// An order's price, with the coupon that made it and which use of it this is.
struct Priced {
    let quote: Quote
    /// The coupon that discounts the order.
    let coupon: Coupon?
    /// The number of a named coupon's use, among its customer's.
    let ordinal: Int32?
    /// What the subscription was promised, where the order names no coupon.
    let promise: PromiseRow?
}

/// The periods that an order pays for, at least one, and the anchor that they leave.
struct PaidTime {
    let periods: [ServicePeriod]
    let whole: ServicePeriod
    let last: ServicePeriod
    /// `nil` after periods of a fixed length.
    let anchor: CalendarAnchor?
    /// How long each of them is in months, where they are counted in months.
    private let months: Int32

    init(_ periods: [ServicePeriod], anchor: CalendarAnchor?, months: Int32 = 0) {
        guard let first = periods.first, let last = periods.last,
            let whole = ServicePeriod(start: first.start, end: last.end)
        else { preconditionFailure("a tiling has at least one period") }
        self.periods = periods
        self.whole = whole
        self.last = last
        self.anchor = anchor
        self.months = months
    }

    /// What the end of one of the periods was counted from.
    func anchor(ofPeriod place: Int) -> CalendarAnchor? {
        anchor.map {
            CalendarAnchor(at: $0.at, months: $0.months - Int32(periods.count - 1 - place) * months)
        }
    }
}

extension Decider {
    /// The plan at the customer's price: the tenant's, sold in this dialect and currency, and active with its networks.
    func plan(_ id: PlanID, for submission: Submission, _ customer: CustomerRow) throws(Refusal) -> Plan {
        guard let plan = rows.plans[TenantKey(tenant: submission.tenant, name: id)],
            plan.sellsIn.contains(submission.dialect), plan.currency == customer.currency
        else { throw .planUnknown }
        guard plan.isActive else { throw .planInactive }
        guard plan.networksAreActive else { throw .networkInactive }
        let buyer = Buyer(customer: customer.id, plan: id)
        return plan.priced(by: rows.groupPrices[TenantKey(tenant: submission.tenant, name: buyer)])
    }

    /// The exit that was chosen among the plan's.
    func exit(of plan: Plan, _ choice: ExitChoice?) throws(Refusal) -> Exit? {
        do throws(ExitRefusal) {
            return try plan.exit(for: choice)
        } catch {
            switch error {
            case .countryNotOffered(let country): throw .exitCountryNotOffered(country)
            case .rotationNotOffered(let rotation): throw .exitRotationNotOffered(rotation)
            }
        }
    }

    /// The periods that an order pays for; a plan without a price or a length is not sold by machine.
    func time(of plan: Plan, _ count: RepeatCount, from start: PeriodStart) throws(Refusal) -> PaidTime {
        guard plan.price != nil, let duration = plan.duration else { throw .planNotPriced }
        switch duration {
        case .fixed(let milliseconds): return try time(from: start.at, milliseconds, count.value)
        case .months(let months):
            guard let zone = rows.zones[plan.tenant] else {
                preconditionFailure("a calendar plan is read with its tenant's zone")
            }
            guard
                let calendar = CalendarPeriods(
                    from: start.at, continuing: start.anchor, months: months, count: count.value, in: zone)
            else { throw .amountTooLarge }
            return PaidTime(calendar.periods, anchor: calendar.anchor, months: months)
        }
    }

    func time(from start: Instant, _ duration: Int64, _ count: Int32) throws(Refusal) -> PaidTime {
        guard let periods = ServicePeriod.tiling(from: start, duration: duration, count: count) else {
            throw .amountTooLarge
        }
        return PaidTime(periods, anchor: nil)
    }

    /// The order's price. A price that cannot be comes before a coupon that cannot be.
    ///
    /// A coupon that is named is the only one: what an earlier purchase promised the subscription waits.
    func price(
        _ plan: Plan, _ kind: OrderKind, _ quantity: Quantity, _ repeatCount: RepeatCount,
        _ code: CouponCode?, _ expected: Money?, _ customer: CustomerID, _ submission: Submission,
        promise: PromiseRow? = nil
    ) throws(Refusal) -> Priced {
        let coupon = (code ?? promise?.coupon).flatMap {
            rows.coupons[TenantKey(tenant: submission.tenant, name: $0)]
        }
        let uses = code.map { self.uses(of: $0, by: customer, submission.tenant) }
        let claim = coupon.map { coupon in
            uses.map { .named(coupon, by: user(of: coupon, $0, customer, submission.tenant)) }
                ?? CouponClaim.promised(coupon)
        }
        let quote: Quote
        do throws(PricingRefusal) {
            quote = try Pricing.quote(
                plan: plan, kind: kind, quantity: quantity, repeatCount: repeatCount, coupon: claim, at: now)
        } catch {
            throw Refusal(error)
        }
        if code != nil && coupon == nil { throw .couponUnknown }
        if let expected, expected != quote.total { throw .priceChanged(quote.total) }
        let isUsed = quote.promise == nil || quote.promise == .kept
        return Priced(
            quote: quote, coupon: isUsed ? coupon : nil,
            ordinal: uses?.nextOrdinal(limited: coupon?.perCustomer != nil),
            promise: code == nil ? promise : nil)
    }

    /// Retail from the customer to the tenant and wholesale from the tenant's float to the platform, in one entry.
    func legs(of quote: Quote, customer: CustomerID, tenant: TenantID) -> [Leg] {
        var legs: [Leg] = []
        let currency = quote.total.currency
        if quote.total.isPositive {
            legs.append(
                Leg(
                    debit: .wallet(tenant, customer, currency), credit: .own(tenant, .revenue, currency),
                    amount: quote.total))
        }
        if let wholesale = quote.wholesale, wholesale.isPositive {
            legs.append(
                Leg(
                    debit: .own(tenant, .float, currency), credit: .own(tenant, .platformRevenue, currency),
                    amount: wholesale))
        }
        return legs
    }

    /// Refuses what the books would refuse, in the words of the money path; changes nothing.
    func check(_ legs: [Leg]) throws(Refusal) {
        do throws(Books.PostingRefusal) {
            try rows.books.check(legs)
        } catch {
            throw refusal(error, legs)
        }
    }

    mutating func post(_ legs: [Leg], as entry: JournalEntryID, in tenant: TenantID) {
        do throws(Books.PostingRefusal) {
            try rows.books.post(legs, of: entry, in: tenant)
        } catch {
            preconditionFailure("an entry was checked and then refused: \(error)")
        }
    }

    func refusal(_ refusal: Books.PostingRefusal, _ legs: [Leg]) -> Refusal {
        switch refusal {
        case .overflow: return .amountTooLarge
        case .accountMissing(let key): return key.role == .wallet ? .customerUnknown : .floatExhausted
        case .belowFloor(let key):
            guard key.role == .wallet else { return .floatExhausted }
            let required = legs.first { $0.debit == key }?.amount ?? 0
            return .insufficientBalance(
                required: Money(minor: required, currency: key.currency),
                available: Money(minor: max(0, rows.books.available(key) ?? 0), currency: key.currency))
        }
    }
}

extension Refusal {
    init(_ refusal: PricingRefusal) {
        switch refusal {
        case .notPriced: self = .planNotPriced
        case .amountTooLarge: self = .amountTooLarge
        case .coupon(let refusal): self = .coupon(refusal)
        }
    }
}
