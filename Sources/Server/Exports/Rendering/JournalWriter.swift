internal import Billing
internal import Postgres
internal import Primitives

/// Writes a period of the books as a journal that hledger or beancount reads and checks by itself: accounts with what
/// they held before, every event that moved money, and what each account must hold at the end.
///
/// A debit is positive and a credit negative, as both tools have it.
final class JournalWriter {
    let bytes: ExportBytes
    private(set) var totals = ControlTotals(["debit", "credit"])
    private let isHledger: Bool
    private let zone: Zone
    private let firstDay: CivilDate
    private let lastDay: CivilDate
    private let dayAfter: CivilDate
    private let chart: ChartBytes
    private var declared: [UInt8] = []
    private var commodities: Set<String> = []
    private var entry: [UInt8] = []

    /// - Parameter format: `hledger` or `beancount`.
    init(_ scope: ExportScope, _ format: ExportFormat, _ bytes: ExportBytes) {
        precondition(
            format == .hledger || format == .beancount, "a journal is written for hledger or beancount")
        self.bytes = bytes
        isHledger = format == .hledger
        zone = scope.zone
        let last = scope.period.end.adding(milliseconds: -1) ?? scope.period.end
        firstDay = Self.date(scope.period.start, zone)
        lastDay = Self.date(last, zone)
        dayAfter = CivilDate(daysSinceEpoch: lastDay.daysSinceEpoch + 1) ?? lastDay
        chart = ChartBytes(format == .hledger ? AccountNames.path : AccountNames.beancount)
        begin(scope)
    }

    private static func date(_ instant: Instant, _ zone: Zone) -> CivilDate {
        guard let local = zone.local(min(max(instant, .earliest), .farthest)) else {
            preconditionFailure("an export is of the years 1…9999")
        }
        return local.date
    }

    private func begin(_ scope: ExportScope) {
        let title =
            "Books of \(scope.slug), \(scope.period.start.rfc3339()) until \(scope.period.end.rfc3339())"
        if isHledger {
            bytes.append("; \(title); days are those of \(zone.name)\n")
            bytes.append("decimal-mark .\n\naccount equity:opening  ; type: E\n")
        } else {
            bytes.append("; \(title); days are those of \(zone.name)\noption \"title\" \"\(title)\"\n\n")
            bytes.append(firstDay)
            bytes.append(" open Equity:Opening\n")
        }
    }

    /// An account, and what it held before the period; rows come by name, and then by currency.
    func open(_ row: CopiedRow) throws {
        let balance = try AccountBalance(row)
        let scale = try totals.select(balance.currency)
        let code = String(decoding: balance.currency, as: UTF8.self)
        if commodities.insert(code).inserted { declare(code, scale: scale) }
        try declare(balance)
        guard let opening = try balance.signed(\.opening, chart), opening != 0 else { return }
        bytes.append(firstDay)
        bytes.append(isHledger ? " * opening balance\n" : " * \"opening balance\"\n")
        try post(balance.role, balance.owner, opening, scale, balance.currency)
        bytes.append(isHledger ? "    equity:opening  " : "  Equity:Opening  ")
        write(-opening, scale, balance.currency)
        bytes.append("\n")
    }

    /// One movement of an event; those of one event follow each other.
    func write(_ row: CopiedRow) throws {
        guard let id = row.raw(0), let at = try row.instant(1), let currency = row.raw(12),
            let amount = row.integer(13), let debit = row.raw(8), let debitOwner = row.raw(9),
            let credit = row.raw(10), let creditOwner = row.raw(11)
        else { throw Unreadable("a movement has a gap") }
        if !id.elementsEqual(entry) {
            entry = Array(id)
            begin(row, id, at)
        }
        let scale = try totals.select(currency)
        try totals.add(amount, to: 0)
        try totals.add(amount, to: 1)
        try post(debit, debitOwner, amount, scale, currency)
        try post(credit, creditOwner, -amount, scale, currency)
    }

    /// What an account must hold at the end of the period.
    func close(_ row: CopiedRow) throws {
        let balance = try AccountBalance(row)
        let scale = try totals.select(balance.currency)
        guard let closing = try balance.signed(\.closing, chart) else { return }
        bytes.append("\n")
        if isHledger {
            bytes.append(lastDay)
            bytes.append(" * closing balance\n    ")
            try chart.write(balance.role, owner: balance.owner, to: bytes)
            bytes.append("  ")
            write(0, scale, balance.currency, ends: false)
            bytes.append(" = ")
            write(closing, scale, balance.currency)
        } else {
            bytes.append(dayAfter)
            bytes.append(" balance ")
            try chart.write(balance.role, owner: balance.owner, to: bytes)
            // Without it a whole minor unit too many would be within beancount's tolerance.
            bytes.append("  ")
            bytes.append(minor: closing, scale: scale)
            bytes.append(" ~ 0 ")
            bytes.append(balance.currency)
            bytes.append("\n")
        }
    }

    private func begin(_ row: CopiedRow, _ id: UnsafeRawBufferPointer, _ at: Instant) {
        totals.countRow()
        bytes.append("\n")
        bytes.append(Self.date(at, zone))
        if isHledger {
            bytes.append(" * (")
            bytes.append(uuid: id)
            bytes.append(") ")
            if let reason = row.raw(2) { bytes.append(line: reason) }
            bytes.append("\n    ; at: ")
            bytes.append(at)
            bytes.append("\n")
        } else {
            bytes.append(" * ")
            if let reason = row.raw(2) { bytes.append(beancount: reason) }
            bytes.append("\n  entry: \"")
            bytes.append(uuid: id)
            bytes.append("\"\n  at: \"")
            bytes.append(at)
            bytes.append("\"\n")
        }
        note("order", id: row.raw(3))
        note("reverses", id: row.raw(4))
        for (name, column) in [("reference", 5), ("memo", 6), ("actor", 7)] {
            note(name, text: row.raw(column))
        }
    }

    private func note(_ name: String, id: UnsafeRawBufferPointer?) {
        guard let id else { return }
        bytes.append(isHledger ? "    ; \(name): " : "  \(name): \"")
        bytes.append(uuid: id)
        bytes.append(isHledger ? "\n" : "\"\n")
    }

    private func note(_ name: String, text: UnsafeRawBufferPointer?) {
        guard let text else { return }
        bytes.append(isHledger ? "    ; \(name): " : "  \(name): ")
        if isHledger { bytes.append(line: text) } else { bytes.append(beancount: text) }
        bytes.append("\n")
    }

    private func declare(_ code: String, scale: Int) {
        guard isHledger else { return }
        bytes.append("\ncommodity 1000.\(String(repeating: "0", count: scale)) \(code)\n")
    }

    /// Once for each name, whatever its currencies.
    private func declare(_ balance: AccountBalance) throws {
        let name = Array(balance.role) + Array(balance.owner)
        guard name != declared else { return }
        declared = name
        bytes.append("\n")
        if isHledger {
            bytes.append("account ")
            try chart.write(balance.role, owner: balance.owner, to: bytes)
            bytes.append("  ; type: \(AccountNames.hledgerType(try chart.role(balance.role)))\n")
        } else {
            bytes.append(firstDay)
            bytes.append(" open ")
            try chart.write(balance.role, owner: balance.owner, to: bytes)
            bytes.append("\n")
        }
    }

    private func post(
        _ role: UnsafeRawBufferPointer, _ owner: UnsafeRawBufferPointer, _ minor: Int64, _ scale: Int,
        _ currency: UnsafeRawBufferPointer
    ) throws {
        bytes.append(isHledger ? "    " : "  ")
        try chart.write(role, owner: owner, to: bytes)
        bytes.append("  ")
        write(minor, scale, currency)
    }

    private func write(
        _ minor: Int64, _ scale: Int, _ currency: UnsafeRawBufferPointer, ends: Bool = true
    ) {
        bytes.append(minor: minor, scale: scale)
        bytes.append(" ")
        bytes.append(currency)
        if ends { bytes.append("\n") }
    }
}

/// A row of the trial balance, as a journal needs it.
private struct AccountBalance {
    let role: UnsafeRawBufferPointer
    let owner: UnsafeRawBufferPointer
    let currency: UnsafeRawBufferPointer
    /// On the account's normal side.
    let opening: Int64
    let closing: Int64

    init(_ row: CopiedRow) throws {
        guard let role = row.raw(1), let owner = row.raw(2), let currency = row.raw(4),
            let opening = row.integer(6), let closing = row.integer(9)
        else { throw Unreadable("a balance has a gap") }
        (self.role, self.owner, self.currency) = (role, owner, currency)
        (self.opening, self.closing) = (opening, closing)
    }

    /// With a debit as positive.
    func signed(_ amount: KeyPath<AccountBalance, Int64>, _ chart: ChartBytes) throws -> Int64? {
        switch try chart.role(role).normalSide {
        case .debit: self[keyPath: amount]
        case .credit: -self[keyPath: amount]
        }
    }
}
