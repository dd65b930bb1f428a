internal import Billing
internal import HTTPTypes
internal import Primitives

extension AccountAPI {
    /// `POST /v1/top-ups`: a page where the customer pays.
    func createTopUp(_ call: Call) async throws -> DialectResponse {
        let fields = try Fields(call.request)
        let amount = try fields.amount("amount", .invalidAmount, in: try await currency(of: call))
        let saves = try fields.flag("save_card", .invalidSaveCard) ?? false
        let (payment, isRepeated) = try await topUps.open(
            amount, for: call.caller, savesMethod: saves, claim: try call.claim(fields))
        var response = DialectResponse.json(Self.json(payment), status: .created)
        if isRepeated { response.headers[.idempotencyHit] = "true" }
        return response
    }

    /// `GET /v1/top-ups`, the newest first.
    func listTopUps(_ call: Call) async throws -> DialectResponse {
        let paging = try Paging(call.request)
        let page = try await topUps.page(
            of: call.caller, try Query(call.request).word("state", .invalidState),
            before: try paging.identifier(), limit: paging.limit)
        return .json(Self.page(page.map(Self.json)) { $0.description })
    }

    /// `GET /v1/top-ups/{id}`.
    func topUp(_ call: Call) async throws -> DialectResponse {
        guard let payment = try await topUps.payment(try call.id(), of: call.caller) else {
            throw Problem(.notFound)
        }
        return .json(Self.json(payment))
    }

    /// `GET /v1/auto-top-up`.
    func autoTopUp(_ call: Call) async throws -> DialectResponse {
        let setting = try await topUps.desk.autoTopUp(of: call.caller.customer, call.tenant)
        return .json(Self.json(setting))
    }

    /// `PUT /v1/auto-top-up`: on, or otherwise than before.
    func setAutoTopUp(_ call: Call) async throws -> DialectResponse {
        let fields = try Fields(call.request)
        let currency = try await currency(of: call)
        let threshold = try fields.amount("threshold", .invalidThreshold, in: currency, allowingZero: true)
        let amount = try fields.amount("amount", .invalidAmount, in: currency)
        let perDay = try fields.perDay()
        let setting = try await topUps.desk.fillAutomatically(
            call.caller.customer, of: call.tenant, below: threshold, by: amount, perDay: perDay,
            actor: AccountTopUps.actor(call.caller))
        return .json(Self.json(setting))
    }

    /// `DELETE /v1/auto-top-up`: off; a payment that is under way is not taken back.
    func stopAutoTopUp(_ call: Call) async throws -> DialectResponse {
        try await topUps.desk.stopFilling(
            call.caller.customer, of: call.tenant, actor: AccountTopUps.actor(call.caller))
        return try await autoTopUp(call)
    }

    private func currency(of call: Call) async throws -> Currency {
        guard let wallet = try await books.wallet(of: call.caller) else { throw Problem(.unauthorized) }
        return wallet.currency
    }

    /// Without what the provider calls things, and its words for operators.
    private static func json(_ payment: Payment) -> JSON {
        [
            "id": .string(payment.id.description), "state": .string(payment.state.rawValue),
            "way": .string(payment.way.rawValue), "amount": payment.amount.accountJSON,
            "credited": payment.credited.accountJSON, "returned": payment.returned.accountJSON,
            "url": payment.url.map(JSON.string) ?? .null,
            "opened_at": .string(payment.openedAt.rfc3339()),
            "expires_at": .string(payment.expiresAt.rfc3339()),
            "closed_at": payment.closedAt.map { .string($0.rfc3339()) } ?? .null,
        ]
    }

    private static func json(_ setting: AutoTopUp?) -> JSON {
        guard let setting else {
            return ["on": false, "threshold": nil, "amount": nil, "per_day": nil, "parked": nil]
        }
        return [
            "on": .bool(setting.isActive), "threshold": setting.threshold.accountJSON,
            "amount": setting.amount.accountJSON, "per_day": .integer(Int64(setting.perDay)),
            "parked": .bool(setting.parkedAt != nil),
        ]
    }
}

extension AccountAPI.Fields {
    /// A decimal of the wallet's currency, as a text: numbers of JSON are binary fractions to many clients.
    fileprivate func amount(
        _ name: String, _ problem: AccountAPI.Code, in currency: Currency, allowingZero: Bool = false
    ) throws(AccountAPI.Problem) -> Money {
        guard let text = try text(name, problem), let money = Money(decimal: text, currency: currency),
            money.isPositive || allowingZero && money.isZero
        else { throw AccountAPI.Problem(problem) }
        return money
    }

    fileprivate func flag(_ name: String, _ problem: AccountAPI.Code) throws(AccountAPI.Problem) -> Bool? {
        guard let value = member(name) else { return nil }
        guard let flag = value.boolValue else { throw AccountAPI.Problem(problem) }
        return flag
    }

    fileprivate func perDay() throws(AccountAPI.Problem) -> Int32 {
        guard let value = member("per_day") else { return 1 }
        guard let count = value.integralValue, (1...Int64(AutoTopUp.perDayMax)).contains(count) else {
            throw AccountAPI.Problem(.invalidPerDay)
        }
        return Int32(count)
    }
}
