internal import Billing
internal import Primitives

// What operators, and machines that ask for them, see of payments; nothing of it is secret.
extension Payment {
    var json: JSON {
        [
            "id": .string(id.description), "customer": .string(customer.description),
            "provider": .string(provider), "way": .string(way.rawValue), "state": .string(state.rawValue),
            "amount": .string(amount.description), "credited": .string(credited.description),
            "held": .string(held.description), "returned": .string(returned.description),
            "url": url.map(JSON.string) ?? .null, "session": session.map(JSON.string) ?? .null,
            "reference": reference.map(JSON.string) ?? .null, "opened_at": .string(openedAt.rfc3339()),
            "expires_at": .string(expiresAt.rfc3339()),
            "closed_at": closedAt.map { .string($0.rfc3339()) } ?? .null,
            "problem": problem.map(JSON.string) ?? .null, "actor": actor.map(JSON.string) ?? .null,
        ]
    }

    var line: String {
        let gone = returned.isZero ? "" : ", \(returned) gone back"
        let held = held.isZero ? "" : ", \(held) set aside"
        let paid = state == .paid ? "\(credited) paid" : "\(amount)"
        let why = problem.map { " (\($0))" } ?? ""
        return
            "\(id)  \(state.rawValue)\(why)  \(paid)\(held)\(gone)  \(way.rawValue)  \(openedAt.rfc3339())  customer \(customer)"
    }
}

extension PaymentReversal {
    var json: JSON {
        [
            "id": .string(id.description), "payment": .string(payment.description),
            "kind": .string(kind.rawValue), "state": .string(state.rawValue),
            "amount": .string(amount.description), "booked": .string(booked.description),
            "reference": reference.map(JSON.string) ?? .null, "reason": memo.map(JSON.string) ?? .null,
            "actor": actor.map(JSON.string) ?? .null, "recorded_at": .string(recordedAt.rfc3339()),
            "closed_at": closedAt.map { .string($0.rfc3339()) } ?? .null,
            "problem": problem.map(JSON.string) ?? .null,
        ]
    }

    var line: String {
        let why = problem.map { " (\($0))" } ?? ""
        return "\(id)  \(kind.rawValue)  \(state.rawValue)\(why)  \(amount)  \(recordedAt.rfc3339())"
    }
}
