internal import Primitives
internal import Synchronization

/// What one client was told about one command.
struct Note: Sendable {
    enum Told: Sendable {
        /// No whole answer, or one that does not decide: it is there or it is not.
        case nothing
        case done(body: [UInt8], answer: DrillAnswer)
        /// The rules said no, with this code.
        case refused(String)
    }

    let command: DrillCommand
    let customer: DrillShop.Customer
    var told = Told.nothing
    /// Whether any attempt may have been carried out: an attempt that was not sent, or answered
    /// 503 `unavailable`, promises that it was not.
    var mayBeThere = false
    /// Whether it was in the database before anybody was told so.
    var wasFoundThere = false
    var attempts = 0
    /// What its key has been said to have answered.
    var remembered: [UInt8]?

    /// The key that asks.
    var principal: IdentifierBits { customer.principal(at: command.door) }

    var isDone: Bool { if case .done = told { true } else { false } }
    var isRefused: Bool { if case .refused = told { true } else { false } }
}

/// The memory of all clients: what every one of them was told.
final class Notebook: Sendable {
    struct State {
        var notes: [Note] = []
        /// host:port to the subscription that was told it has it.
        var ports: [String: IdentifierBits] = [:]
        var findings: [String] = []
        var statuses: [String: Int] = [:]
        var slotsLentTwice = 0
    }
    private let state = Mutex(State())
    let requests = RequestBook()

    /// Notes a new command; its number is its name from now on.
    func begin(_ command: DrillCommand, _ customer: DrillShop.Customer) -> Int {
        state.withLock { state in
            state.notes.append(Note(command: command, customer: customer))
            return state.notes.count - 1
        }
    }

    func note(_ number: Int) -> Note { state.withLock { $0.notes[number] } }
    var count: Int { state.withLock { $0.notes.count } }
    var notes: [Note] { state.withLock { $0.notes } }
    func notes(from first: Int) -> ArraySlice<Note> { state.withLock { $0.notes[first...] } }
    /// So much is wrong that going on shows nothing more.
    var isBeyondHope: Bool { state.withLock { $0.findings.count > 2_000 } }
    var findings: [String] { state.withLock { $0.findings } }
    var statuses: [String: Int] { state.withLock { $0.statuses } }
    var slotsLentTwice: Int { state.withLock { $0.slotsLentTwice } }

    func find(_ finding: String) {
        state.withLock { $0.findings.append(finding) }
    }

    func markFound(_ number: Int) {
        state.withLock { $0.notes[number].wasFoundThere = true }
    }

    /// Takes down what a command's key is said to have answered.
    func remember(_ response: [UInt8], for number: Int) {
        state.withLock { state in
            state.notes[number].remembered = response
            guard case .done(let body, _) = state.notes[number].told, body != response else { return }
            state.findings.append("\(state.notes[number].command.key): its key tells of other bytes")
        }
    }

    /// Ports rest an hour before they are lent again, so within a drill each is told to one subscription only.
    func lend(_ port: String, to subscription: IdentifierBits) {
        state.withLock { $0.lend(port, to: subscription) }
    }

    /// Takes a reply down and holds it against what was said before; returns what the client now knows.
    @discardableResult
    func take(_ reply: Reply, for number: Int) -> Note.Told {
        state.withLock { state in
            var note = state.notes[number]
            note.attempts += 1
            defer { state.notes[number] = note }
            switch reply {
            case .notSent: state.statuses["not sent", default: 0] += 1
            case .lost:
                state.statuses["lost", default: 0] += 1
                note.mayBeThere = true
            case .answered(let status, let isRepeat, let retryAfter, let body):
                let verdict =
                    switch note.command.door {
                    case .gate: Envelope.read(status, body)
                    case .opproxy: Envelope.readService(status, retryAfter, body)
                    }
                state.statuses[verdict.name, default: 0] += 1
                switch verdict {
                case .done: state.success(&note, body, isRepeat)
                case .refused(let code): state.refusal(&note, code)
                case .nothingDone: break
                case .undecided: note.mayBeThere = true
                case .broken(let what):
                    note.mayBeThere = true
                    state.findings.append("\(note.command.key): \(what)")
                }
            }
            return note.told
        }
    }
}

extension Notebook.State {
    fileprivate mutating func success(_ note: inout Note, _ body: [UInt8], _ isRepeat: Bool) {
        let key = note.command.key
        switch note.told {
        case .done(let earlier, _):
            if body != earlier { findings.append("\(key): asked again, it was answered with other bytes") }
            if !isRepeat { findings.append("\(key): asked again, it was carried out again") }
        case .refused(let code):
            findings.append("\(key): refused with \(code), and then answered")
        case .nothing:
            if note.wasFoundThere && !isRepeat {
                findings.append("\(key): it was there, and was carried out again")
            }
            if isRepeat && !note.mayBeThere {
                findings.append("\(key): told that nothing was done, and then that it had been done")
            }
            guard let answer = DrillAnswer(body, to: note.command.kind) else {
                return findings.append("\(key): an answer that says nothing")
            }
            if let remembered = note.remembered, remembered != body {
                findings.append("\(key): answered with other bytes than its key told of")
            }
            note.told = .done(body: body, answer: answer)
            for (subscription, port) in zip(answer.subscriptions, answer.ports) {
                lend(port, to: subscription)
            }
        }
    }

    fileprivate mutating func refusal(_ note: inout Note, _ code: String) {
        switch note.told {
        case .done: findings.append("\(note.command.key): answered, and then refused with \(code)")
        case .refused, .nothing:
            if note.wasFoundThere {
                findings.append("\(note.command.key): it was there, and was then refused with \(code)")
            }
            note.told = .refused(code)
        }
    }

    fileprivate mutating func lend(_ port: String, to subscription: IdentifierBits) {
        if let earlier = ports[port], earlier != subscription {
            slotsLentTwice += 1
            findings.append("\(port) was lent twice")
        }
        ports[port] = subscription
    }
}
