internal import Foundation
internal import Primitives

/// Holds what the second door shows against what it has told: lists, proxy lines, and what became of keys.
struct ServiceInspection {
    let notebook: Notebook
    let shop: DrillShop
    let port: UInt16

    private static let pageSize = 40

    /// Every customer's list through its pages: each service once, as it was told last, and no other.
    func lists(_ book: ServiceBook) {
        let mine = Dictionary(grouping: book.services, by: { $0.value.customer })
        atOnce(shop.customers.flatMap { $0 }) { customer, http in
            let services = mine[customer.email] ?? []
            guard let shown = list(customer, http) else { return }
            let ids = shown.map(\.id)
            if Set(ids).count != ids.count { notebook.find("\(customer.email): a service is listed twice") }
            if ids != ids.sorted(by: >) { notebook.find("\(customer.email): pages out of order") }
            let byID = Dictionary(shown.map { ($0.id, $0) }) { first, _ in first }
            for (id, service) in services {
                guard let answer = byID[id] else {
                    notebook.find("\(customer.email): service \(id.hexString) is not listed")
                    continue
                }
                for problem in service.problems(shown: answer) {
                    notebook.find("\(customer.email): service \(id.hexString): \(problem)")
                }
            }
            let strangers = Set(ids).subtracting(services.map(\.key))
            if !strangers.isEmpty {
                notebook.find("\(customer.email): \(strangers.count) that nobody bought")
            }
        }
    }

    private func list(_ customer: DrillShop.Customer, _ http: HTTPConnection) -> [ServiceAnswer]? {
        var shown: [ServiceAnswer] = []
        var cursor = ""
        while true {
            let target = "/services?status=all&limit=\(Self.pageSize)\(cursor)"
            guard let (status, body) = http.readService(target, customer), status == 200,
                let data = try? JSON.parse(body)["data"], let page = data["services"]?.arrayValue
            else {
                notebook.find("\(customer.email): no list of services")
                return nil
            }
            let answers = page.compactMap { ServiceAnswer($0) }
            if answers.count != page.count { notebook.find("\(customer.email): a service without a login") }
            shown += answers
            guard let next = data["next_cursor"]?.stringValue else { return shown }
            if page.count != Self.pageSize { notebook.find("\(customer.email): a page that is not full") }
            cursor = "&cursor=\(next)"
        }
    }

    /// The proxy lines of some services: a port on each network, all with the one login.
    func proxies(_ ids: Set<IdentifierBits>, _ book: ServiceBook) {
        let customers = Dictionary(uniqueKeysWithValues: shop.customers.flatMap { $0 }.map { ($0.email, $0) })
        atOnce(ids.sorted()) { id, http in
            guard let service = book.services[id], let customer = customers[service.customer] else {
                return notebook.find("service \(id.hexString) was changed and never bought")
            }
            guard let (status, body) = http.readService("/services/\(id.hexString)/proxies", customer),
                status == 200
            else { return notebook.find("service \(id.hexString): no proxies") }
            let lines = String(decoding: body, as: UTF8.self).split(separator: "\n").map(String.init)
            let wanted = service.lines(countryOf: DrillShop.country(ofPort:))
            if Set(lines) != wanted || lines.count != wanted.count {
                notebook.find("service \(id.hexString): proxies \(lines), not \(wanted.sorted())")
            }
            for port in service.ports { notebook.lend(port, to: id) }
        }
    }

    /// What `GET /idempotency-keys` says of commands of this door, before anybody asks for them again.
    ///
    /// - Parameter there: the keys of commands whose rows are there.
    func keys(_ range: Range<Int>, there: Set<String>) {
        let numbers = range.filter { notebook.note($0).command.door == .opproxy }
        atOnce(numbers) { number, http in
            let note = notebook.note(number)
            let key = note.command.key
            guard let (status, body) = http.readService("/idempotency-keys?key=\(key)", note.customer) else {
                return notebook.find("\(key): nobody says what became of it")
            }
            let isThere = there.contains(key)
            guard status == (isThere ? 200 : 404) else {
                return notebook.find(
                    "\(key): its key says \(status), and it is \(isThere ? "" : "not ")there")
            }
            guard isThere else { return }
            guard let response = Self.response(body) else {
                return notebook.find("\(key): its key tells no answer")
            }
            notebook.remember(response, for: number)
        }
    }

    /// The answer in the answer, byte by byte: the last member.
    private static func response(_ body: [UInt8]) -> [UInt8]? {
        let mark = Array("\"response\":".utf8)
        guard body.count > mark.count + 2, body.suffix(2).elementsEqual("}}".utf8),
            let start = body.indices.dropLast(mark.count).first(where: {
                body[$0] == mark[0] && body[$0..<($0 + mark.count)].elementsEqual(mark)
            })
        else { return nil }
        return Array(body[(start + mark.count)..<(body.count - 2)])
    }

    /// Several askers at once.
    private func atOnce<Item: Sendable>(
        _ items: [Item], _ body: @Sendable (Item, HTTPConnection) -> Void
    ) {
        let askers = min(8, items.count)
        DispatchQueue.concurrentPerform(iterations: askers) { asker in
            let http = HTTPConnection(port: port, deadlineSeconds: 20, book: notebook.requests)
            for index in stride(from: asker, to: items.count, by: askers) where !notebook.isBeyondHope {
                body(items[index], http)
            }
        }
    }
}
