internal import Foundation
internal import Postgres
internal import Primitives
internal import Synchronization

/// Holds what clients were told against what is there, while nobody asks for anything.
struct Inspection {
    let connection: Connection
    let notebook: Notebook
    let port: UInt16
    let tally: Tally
    let shop: DrillShop
    /// What the second door has told, with the inspections before.
    var book: ServiceBook

    private var services: ServiceInspection {
        ServiceInspection(notebook: notebook, shop: shop, port: port)
    }

    /// Looks at every command since `first`: at its rows, then at what it is answered when it is asked again.
    mutating func run(from first: Int) throws {
        tally.inspections += 1
        let range = first..<notebook.count
        let there = try look(range, isFirst: true)
        services.keys(range, there: Set(there.keys))
        try askAgain(range.filter { !notebook.note($0).isRefused })
        let rows = try look(range, isFirst: false)
        let touched = book.take(notebook.notes(from: range.lowerBound))
        for (id, ports) in rows.values.flatMap(\.ports) { book.lent(ports, to: id) }
        services.lists(book)
        services.proxies(touched, book)
    }

    /// Rows of all of them; the second time there is nothing that nobody was told of.
    private func look(_ range: Range<Int>, isFirst: Bool) throws -> [String: CommandRows] {
        let notes = notebook.notes(from: range.lowerBound)
        let found = try RowReader(connection: connection).rows(Array(notes))
        for (number, note) in zip(range, notes) {
            let key = note.command.key
            let rows = found[key]
            if let rows {
                let problems = Judgement.problems(note, rows)
                if !problems.isEmpty { tally.half += 1 }
                for problem in problems { notebook.find(problem) }
            }
            switch (note.told, rows) {
            case (.done, nil):
                tally.lost += 1
                notebook.find("\(key): it was answered, and is not there")
            case (.refused(let code), .some):
                notebook.find("\(key): it was refused with \(code), and is there")
            case (.nothing, .some):
                notebook.markFound(number)
                guard isFirst else { notebook.find("\(key): it is there, and nobody can be told"); break }
                tally.unansweredByClients += 1
                tally.committedUnacknowledged += 1
                if !note.mayBeThere { notebook.find("\(key): told that nothing was done, and it is there") }
            case (.nothing, nil):
                guard isFirst else { notebook.find("\(key): nobody can be told whether it is there"); break }
                tally.unansweredByClients += 1
                tally.uncommittedUnacknowledged += 1
            case (.done, .some), (.refused, nil): break
            }
        }
        return found
    }

    /// Asks for commands again under their keys, several at once, until each has an answer; the notebook compares.
    private func askAgain(_ numbers: [Int]) throws {
        let undecided = Mutex<[String]>([])
        let refused = Mutex(0)
        let (notebook, port) = (notebook, port)
        DispatchQueue.concurrentPerform(iterations: Self.askers) { asker in
            let http = HTTPConnection(port: port, deadlineSeconds: 20, book: notebook.requests)
            for index in stride(from: asker, to: numbers.count, by: Self.askers) {
                switch Self.ask(numbers[index], http, notebook) {
                case .done: break
                case .refused: refused.withLock { $0 += 1 }
                case .nothing: undecided.withLock { $0.append(notebook.note(numbers[index]).command.key) }
                }
            }
        }
        tally.askedAgain += numbers.count
        tally.refusedWhenAskedAgain += refused.withLock { $0 }
        for key in undecided.withLock({ $0 }) {
            notebook.find("\(key): no answer, however often it is asked")
        }
    }

    private static let askers = 8

    private static func ask(_ number: Int, _ http: HTTPConnection, _ notebook: Notebook) -> Note.Told {
        let note = notebook.note(number)
        for _ in 0..<250 where !notebook.isBeyondHope {
            let reply = http.ask(note)
            let told = notebook.take(reply, for: number)
            if case .answered(let status, _, _, _) = reply, status < 500 {
                switch told {
                case .done, .refused: return told
                case .nothing: break
                }
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return .nothing
    }

    /// No row belongs to nobody, none is missing.
    func totals() throws {
        let done = notebook.notes.filter(\.isDone)
        let money = done.count { $0.command.movesMoney }
        let problems = try Totals(connection).problems(done: done.count, ofMoney: money)
        if !problems.isEmpty { tally.twice += 1 }
        for problem in problems { notebook.find(problem) }
    }

    /// Every answer of the whole drill, once more.
    mutating func askAllAgain() throws {
        try askAgain((0..<notebook.count).filter { notebook.note($0).isDone })
    }

    /// What every customer is shown holds all that runs on, and nothing that was never told.
    func lists() throws {
        services.proxies(Set(book.services.keys), book)
        let http = HTTPConnection(port: port, deadlineSeconds: 20, book: notebook.requests)
        // By the answers: a trial of an hour that was taken with a clock an hour back is over.
        let soon = Int64(Date().timeIntervalSince1970 * 1000) + 60_000
        for customer in shop.customers.flatMap({ $0 }) {
            let reply = http.read("subscriptions", customer)
            guard case .answered(200, _, _, let body) = reply,
                let listed = try? JSON.parse(body)["subscriptions"]?.arrayValue
            else {
                notebook.find("\(customer.email): no list of subscriptions, but \(reply)")
                continue
            }
            let shown = Set(listed.compactMap { $0["subscriptionId"]?.stringValue })
            var bought: Set<String> = []
            var lasting: Set<String> = []
            for note in notebook.notes where note.customer.email == customer.email {
                guard case .done(_, let answer) = note.told else { continue }
                switch note.command.kind {
                case .purchase, .trial:
                    bought.formUnion(answer.subscriptions.map(\.base36String))
                    guard let end = answer.activeUntil, end > soon else { break }
                    lasting.formUnion(answer.subscriptions.map(\.base36String))
                case .renewal, .changeCredentials, .setRotation, .switchNetwork, .service: break
                }
            }
            if !lasting.isSubset(of: shown) {
                notebook.find("\(customer.email): \(lasting.subtracting(shown).count) are not listed")
            }
            if !shown.isSubset(of: bought) {
                notebook.find(
                    "\(customer.email): \(shown.subtracting(bought).count) are listed that nobody bought")
            }
        }
    }
}
