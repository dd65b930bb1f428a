internal import Billing
internal import Primitives

/// From one place to another.
struct Movement {
    var from: Place
    var to: Place
    var amount: Int64
}

extension Model {
    /// Money from outside onto a wallet, once per reference.
    mutating func topUp(
        _ customer: Int, _ amount: Money, _ reference: Int, _ request: Request
    ) throws(Refusal) -> Verdict {
        let currency = try openCustomer(customer, request.tenant).currency
        guard amount.minor > 0, amount.currency == currency else { throw .amountInvalid }
        let wallet = Place(tenant: request.tenant, purse: .wallet(customer), currency: currency)
        let outside = Place(tenant: request.tenant, purse: .outside, currency: currency)
        return try move(
            [Movement(from: outside, to: wallet, amount: amount.minor)], amount, balanceOf: wallet, reference,
            request)
    }

    /// Money of the tenant's own onto its float, once per reference.
    mutating func topUpFloat(_ amount: Money, _ reference: Int, _ request: Request) throws(Refusal) -> Verdict
    {
        guard amount.minor > 0 else { throw .amountInvalid }
        let float = Place(tenant: request.tenant, purse: .float, currency: amount.currency)
        let outside = Place(tenant: request.tenant, purse: .platformOutside, currency: amount.currency)
        return try move(
            [Movement(from: outside, to: float, amount: amount.minor)], amount, balanceOf: float, reference,
            request)
    }

    /// A grant, or where the amount is negative, a deduction.
    mutating func adjust(
        _ customer: Int, _ amount: Money, _ reference: Int?, _ request: Request
    ) throws(Refusal) -> Verdict {
        let currency = try openCustomer(customer, request.tenant).currency
        guard amount.minor != 0, amount.minor != .min, amount.currency == currency else {
            throw .amountInvalid
        }
        let wallet = Place(tenant: request.tenant, purse: .wallet(customer), currency: currency)
        let cost = Place(tenant: request.tenant, purse: .adjustments, currency: currency)
        let movement =
            amount.minor > 0
            ? Movement(from: cost, to: wallet, amount: amount.minor)
            : Movement(from: wallet, to: cost, amount: -amount.minor)
        return try move([movement], amount, balanceOf: wallet, reference, request)
    }

    /// What is neither bought nor renewed: the amount must fit the books, the reference must be new, the money there.
    mutating func move(
        _ movements: [Movement], _ amount: Money, balanceOf place: Place, _ reference: Int?,
        _ request: Request
    ) throws(Refusal) -> Verdict {
        for movement in movements {
            guard balances[movement.from] != nil, balances[movement.to] != nil else { throw .amountInvalid }
        }
        let name = reference.map { Name(tenant: request.tenant, number: $0) }
        if let name, references.contains(name) { throw .referenceUsed }
        try check(movements)
        if request.isBroken { return .failed }
        for movement in movements { post(movement) }
        if let name { references.insert(name) }
        return .moved(amount, balance: Money(minor: balances[place] ?? 0, currency: amount.currency))
    }

    /// Each movement in turn: who pays must have it, then who is paid must be there, then neither balance may leave
    /// Int64. A tenant without books is told of a float that is empty, once its customer has the money.
    func check(_ movements: [Movement]) throws(Refusal) {
        for movement in movements {
            guard let from = balances[movement.from] else { throw .floatExhausted }
            let left = Int128(from) + (movement.from.purse.growsWhenGiven ? -1 : 1) * Int128(movement.amount)
            if let floor = floors[movement.from], left < Int128(floor) { throw short(movement, from, floor) }
            guard let to = balances[movement.to] else { throw .floatExhausted }
            let held = Int128(to) + (movement.to.purse.growsWhenGiven ? 1 : -1) * Int128(movement.amount)
            guard Int64(exactly: left) != nil, Int64(exactly: held) != nil else { throw .amountTooLarge }
        }
    }

    private func short(_ movement: Movement, _ balance: Int64, _ floor: Int64) -> Refusal {
        guard case .wallet = movement.from.purse else { return .floatExhausted }
        let available = min(max(0, Int128(balance) - Int128(floor)), Int128(Int64.max))
        let currency = movement.from.currency
        return .insufficientBalance(
            required: Money(minor: movement.amount, currency: currency),
            available: Money(minor: Int64(available), currency: currency))
    }

    mutating func post(_ movement: Movement) {
        balances[movement.from]! += (movement.from.purse.growsWhenGiven ? -1 : 1) * movement.amount
        balances[movement.to]! += (movement.to.purse.growsWhenGiven ? 1 : -1) * movement.amount
        if let floor = floors[movement.from], balances[movement.from] == floor {
            sights.append(.spentToTheFloor)
        }
        if movement.from.purse == .float { sights.append(.wholesaleMoved) }
        if movement.to.purse == .float, movement.from.purse == .platformRevenue {
            sights.append(.wholesaleGivenBack)
        }
    }
}
