internal import Foundation
internal import Primitives

/// The dialect that a client asks in.
enum Door: Hashable, Sendable {
    case gate, opproxy

    /// A key that this door takes: the same in catalogue and client.
    func key(_ slug: String, _ name: String) -> String {
        switch self {
        case .gate:
            let text = "rk_\(slug)\(name)"
            return text + String(repeating: "0", count: 43 - text.count)
        case .opproxy:
            let digits = "\(slug)\(name)".utf8.map { String($0, radix: 16) }.joined()
            return "opx_live_" + digits + String(repeating: "0", count: 32 - digits.count)
        }
    }
}

extension HTTPConnection {
    /// Sends a note's command under its key.
    func ask(_ note: Note) -> Reply {
        let key = note.customer.key(at: note.command.door)
        switch note.command.kind {
        case .service(let service):
            let type = service.body == nil ? [] : [("Content-Type", "application/json")]
            return send(
                service.method, "/t/\(note.customer.slug)/opproxy/api/v1\(service.path)",
                headers: [("Authorization", "Bearer \(key)"), ("Idempotency-Key", note.command.key)] + type,
                body: note.command.body)
        case .purchase, .renewal, .trial, .changeCredentials, .setRotation, .switchNetwork:
            return send(
                "POST", "/t/\(note.customer.slug)/gate/api/proxy",
                headers: [
                    ("x-api-key", key), ("Content-Type", "application/json"),
                    ("Idempotency-Key", note.command.key),
                ], body: note.command.body)
        }
    }

    /// Asks `gate` for a page of the customer's that changes nothing.
    func read(_ op: String, _ customer: DrillShop.Customer) -> Reply {
        send(
            "GET", "/t/\(customer.slug)/gate/api/proxy?op=\(op)",
            headers: [("x-api-key", customer.key(at: .gate))])
    }

    /// Asks OP-Proxy for what changes nothing, until it is answered: after a crash the first connections are broken.
    func readService(_ target: String, _ customer: DrillShop.Customer) -> (status: Int, body: [UInt8])? {
        for _ in 0..<250 {
            let reply = send(
                "GET", "/t/\(customer.slug)/opproxy/api/v1\(target)",
                headers: [("Authorization", "Bearer \(customer.key(at: .opproxy))")])
            if case .answered(let status, _, _, let body) = reply, status < 500 { return (status, body) }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return nil
    }
}
