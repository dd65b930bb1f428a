internal import Catalog
internal import Primitives

/// All that an operator may want to know of one subscription. No password and no key is in it: none is even opened.
struct SubscriptionDetails: Sendable {
    let subscription: SubscriptionView
    /// In the order of their index.
    let terms: [Term]
    /// In the order of their places, those that have gone back too.
    let ports: [Port]
    /// Addresses that need no login, as the customer lists them.
    let allowed: [String]
    /// What its purchase's coupon promised.
    let promise: Promise?
    /// Periods whose automatic renewal failed, the latest first.
    let attempts: [Attempts]

    /// One paid period.
    struct Term: Sendable, Equatable {
        let index: Int32
        let period: ServicePeriod
        let amount: Money
        let order: OrderID
        let kind: OrderKind

        var json: JSON {
            [
                "index": .integer(Int64(index)), "starts_at": .string(period.start.rfc3339()),
                "ends_at": .string(period.end.rfc3339()), "amount": .string(amount.description),
                "order": .string(order.description), "kind": .string(kind.rawValue),
            ]
        }

        var line: String {
            "\(index)  \(period.start.rfc3339()) to \(period.end.rfc3339())  \(amount)  \(kind.rawValue) \(order)"
        }
    }

    /// A port that it holds, or has held.
    struct Port: Sendable, Equatable {
        let place: Int32
        let gateway: String
        let host: String
        let port: Int32
        let protocols: [GatewayProtocol]
        /// The network's code.
        let network: String
        /// `nil` once the port has gone back, when it is somebody else's.
        let username: String?
        let rotationMinutes: Int32
        let allocatedAt: Instant
        let expiresAt: Instant
        let releasedAt: Instant?

        var json: JSON {
            [
                "place": .integer(Int64(place)), "gateway": .string(gateway), "host": .string(host),
                "port": .integer(Int64(port)), "network": .string(network),
                "protocols": .array(protocols.map { .string($0.rawValue) }),
                "username": username.map(JSON.string) ?? .null,
                "rotation_minutes": .integer(Int64(rotationMinutes)),
                "allocated_at": .string(allocatedAt.rfc3339()), "expires_at": .string(expiresAt.rfc3339()),
                "released_at": releasedAt.map { .string($0.rfc3339()) } ?? .null,
            ]
        }

        var line: String {
            let words = protocols.map(\.rawValue).joined(separator: ",")
            let login = username.map { "  login \($0)" } ?? ""
            let rotation = rotationMinutes > 0 ? "  rotates every \(rotationMinutes) min" : ""
            let end = releasedAt.map { "  went back \($0.rfc3339())" } ?? ""
            return "\(place)  \(host):\(port)  \(words)  \(network) on \(gateway)\(login)\(rotation)\(end)"
        }
    }

    /// A coupon's discount on renewals to come.
    struct Promise: Sendable, Equatable {
        let coupon: String
        let renewals: Int32
        let left: Int32
        /// Why it is over; `nil` while it stands.
        let endedReason: String?

        var json: JSON {
            [
                "coupon": .string(coupon), "renewals": .integer(Int64(renewals)),
                "left": .integer(Int64(left)), "ended": endedReason.map(JSON.string) ?? .null,
            ]
        }

        var line: String {
            "\(coupon) for \(renewals) renewals, \(left) left\(endedReason.map { ", over (\($0))" } ?? "")"
        }
    }

    /// How often a period's automatic renewal failed.
    struct Attempts: Sendable, Equatable {
        let period: Int32
        let count: Int32
        let reason: String
        let lastAt: Instant

        var json: JSON {
            [
                "period": .integer(Int64(period)), "attempts": .integer(Int64(count)),
                "reason": .string(reason), "last_at": .string(lastAt.rfc3339()),
            ]
        }

        var line: String { "at period \(period) \(count) times, last \(lastAt.rfc3339()): \(reason)" }
    }

    var json: JSON {
        [
            "subscription": subscription.json, "terms": .array(terms.map(\.json)),
            "ports": .array(ports.map(\.json)), "allowed": .array(allowed.map(JSON.string)),
            "promise": promise.map(\.json) ?? .null, "attempts": .array(attempts.map(\.json)),
        ]
    }

    var lines: [String] {
        let it = subscription
        var lines = [it.line, "  \(it.planName), bought \(it.startedAt.rfc3339()), order \(it.order)"]
        lines += it.endedAt.map { _ in ["  was paid until \(it.activeUntil.rfc3339())"] } ?? []
        lines += it.exit.map { ["  exit \($0.country.rawValue), rotation \($0.rotation.rawValue)"] } ?? []
        lines += it.note.map { ["  the customer's note: \($0)"] } ?? []
        lines += allowed.isEmpty ? [] : ["  without login from \(allowed.joined(separator: ", "))"]
        lines += promise.map { ["  promised \($0.line)"] } ?? []
        lines += terms.map { "  period \($0.line)" }
        lines += ports.map { "  port \($0.line)" }
        return lines + attempts.map { "  renewal failed \($0.line)" }
    }
}
