internal import Postgres
internal import Primitives

/// Holds what clients were told against what is there, while nobody asks for anything.
struct Inspection {
    let connection: Connection
    let notebook: Notebook
    let http: HTTPConnection
    let tally: Tally

    /// Looks at every command since `first`: at its rows, then at what it is answered when it is asked again.
    mutating func run(from first: Int) throws {
        tally.inspections += 1
        let range = first..<notebook.count
        try look(range, isFirst: true)
        for number in range { try askAgain(number) }
        try look(range, isFirst: false)
    }

    /// Rows of all of them; the second time there is nothing that nobody was told of.
    private func look(_ range: Range<Int>, isFirst: Bool) throws {
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
    }

    /// Asks for a command again under its key, until there is an answer; the notebook compares.
    private func askAgain(_ number: Int) throws {
        let note = notebook.note(number)
        switch note.told {
        case .refused: return
        case .done, .nothing: break
        }
        tally.askedAgain += 1
        var attempts = 0
        try waitUntil("one consistent answer to \(note.command.key)") {
            attempts += 1
            let reply = http.ask(note)
            let told = notebook.take(reply, for: number)
            guard case .answered(let status, _, _, _) = reply, status < 500 else { return false }
            switch told {
            case .done: return true
            case .refused:
                tally.refusedWhenAskedAgain += 1
                return true
            case .nothing: return attempts > 200
            }
        }
    }

    /// No row belongs to nobody, none is missing.
    func totals() throws {
        let done = notebook.notes.filter { if case .done = $0.told { true } else { false } }
        let money = done.count { $0.command.movesMoney }
        let problems = try Totals(connection).problems(done: done.count, ofMoney: money)
        if !problems.isEmpty { tally.twice += 1 }
        for problem in problems { notebook.find(problem) }
    }

    /// Every answer of the whole drill, once more.
    mutating func askAllAgain() throws {
        for number in 0..<notebook.count {
            if case .done = notebook.note(number).told { try askAgain(number) }
        }
    }

    /// What every customer is shown holds all that runs on, and nothing that was never told.
    func lists(_ shop: DrillShop) throws {
        for customer in shop.customers.flatMap({ $0 }) {
            guard case .answered(200, _, _, let body) = http.read("subscriptions", customer),
                let listed = try? JSON.parse(body)["subscriptions"]?.arrayValue
            else {
                notebook.find("\(customer.email): no list of subscriptions")
                continue
            }
            let shown = Set(listed.compactMap { $0["subscriptionId"]?.stringValue })
            var bought: Set<String> = []
            var lasting: Set<String> = []
            for note in notebook.notes where note.customer.principal == customer.principal {
                guard case .done(_, let answer) = note.told else { continue }
                switch note.command.kind {
                case .purchase(let plan, _, _, _), .trial(let plan):
                    bought.formUnion(answer.subscriptions.map(\.base36String))
                    if plan.code != "brief" { lasting.formUnion(answer.subscriptions.map(\.base36String)) }
                case .renewal, .changeCredentials, .setRotation, .switchNetwork: break
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
