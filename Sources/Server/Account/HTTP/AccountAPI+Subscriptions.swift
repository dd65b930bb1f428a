internal import HTTPTypes
internal import Primitives

extension AccountAPI {
    /// `GET /v1/subscriptions`, the newest first.
    func listSubscriptions(_ call: Call) async throws -> DialectResponse {
        let paging = try Paging(call.request)
        let query = Query(call.request)
        let filter = SubscriptionFilter(
            state: try query.word("state", .invalidState), plan: try query.text("plan", .invalidPlan),
            before: try paging.identifier(), limit: paging.limit)
        let page = try await subscriptions.page(of: call.caller, filter)
        return .json(Self.page(page.map { .object(Self.json($0)) }) { $0.description })
    }

    /// `GET /v1/subscriptions/{id}`: with its periods and ports.
    func subscription(_ call: Call) async throws -> DialectResponse {
        .json(try await shown(call))
    }

    /// `PATCH /v1/subscriptions/{id}`: its note, and whether it renews itself.
    func changeSubscription(_ call: Call) async throws -> DialectResponse {
        let fields = try Fields(call.request)
        let change = AccountSubscriptions.Change(
            note: try fields.note(), renewsAutomatically: try fields.autoRenew())
        guard change.note != nil || change.renewsAutomatically != nil else { throw Problem(.nothingToChange) }
        guard try await subscriptions.change(try call.id(), of: call.caller, change) else {
            throw Problem(.notFound)
        }
        return .json(try await shown(call))
    }

    private func shown(_ call: Call) async throws -> JSON {
        guard let details = try await subscriptions.details(try call.id(), of: call.caller) else {
            throw Problem(.notFound)
        }
        var json = Self.json(details.subscription)
        json["terms"] = .array(details.terms.map(Self.json))
        // Those that have gone back are somebody else's by now.
        json["ports"] = .array(details.ports.filter { $0.releasedAt == nil }.map(Self.json))
        json["promise"] = details.promise?.json ?? .null
        return .object(json)
    }

    private static func json(_ it: SubscriptionView) -> JSONObject {
        var json = JSONObject()
        json["id"] = .string(it.id.description)
        json["plan"] = .string(it.plan)
        json["plan_name"] = .string(it.planName)
        json["dialect"] = .string(it.dialect.rawValue)
        json["trial"] = .bool(it.isTrial)
        json["order"] = .string(it.order.description)
        json["state"] = .string(it.state.rawValue)
        json["started_at"] = .string(it.startedAt.rfc3339())
        json["active_until"] = .string(it.activeUntil.rfc3339())
        json["ended_at"] = it.endedAt.map { .string($0.rfc3339()) } ?? .null
        json["periods"] = .integer(Int64(it.periods))
        json["auto_renew"] = .bool(it.renewsAt != nil)
        json["renews_at"] = it.renewsAt.map { .string($0.rfc3339()) } ?? .null
        json["parked"] = it.parkedReason.map(JSON.string) ?? .null
        json["exit_country"] = it.exit.map { .string($0.country.rawValue) } ?? .null
        json["exit_rotation"] = it.exit.map { .string($0.rotation.rawValue) } ?? .null
        json["note"] = it.note.map(JSON.string) ?? .null
        return json
    }

    private static func json(_ term: SubscriptionDetails.Term) -> JSON {
        [
            "index": .integer(Int64(term.index)), "starts_at": .string(term.period.start.rfc3339()),
            "ends_at": .string(term.period.end.rfc3339()), "amount": term.amount.accountJSON,
            "order": .string(term.order.description), "kind": .string(term.kind.rawValue),
        ]
    }

    private static func json(_ port: SubscriptionDetails.Port) -> JSON {
        [
            "host": .string(port.host), "port": .integer(Int64(port.port)), "network": .string(port.network),
            "protocols": .array(port.protocols.map { .string($0.rawValue) }),
            "username": port.username.map(JSON.string) ?? .null,
            "rotation_minutes": .integer(Int64(port.rotationMinutes)),
        ]
    }
}

extension AccountAPI.Fields {
    /// `null` and `""` take the note away.
    fileprivate func note() throws(AccountAPI.Problem) -> AccountSubscriptions.Change.Note? {
        guard let value = members["note"] else { return nil }
        if value.isNull || value.stringValue == "" { return AccountSubscriptions.Change.Note.none }
        guard let note = value.stringValue, ShortText.isAcceptable(note, most: 500, lines: true) else {
            throw AccountAPI.Problem(.invalidNote)
        }
        return .text(note)
    }

    fileprivate func autoRenew() throws(AccountAPI.Problem) -> Bool? {
        guard let value = members["auto_renew"] else { return nil }
        guard let flag = value.boolValue else { throw AccountAPI.Problem(.invalidAutoRenew) }
        return flag
    }
}
