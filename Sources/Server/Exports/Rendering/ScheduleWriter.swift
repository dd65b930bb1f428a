internal import Billing
internal import Postgres
internal import Primitives

/// Writes the schedule of deferred revenue out of orders, their periods and their refunds, one order after the other.
final class ScheduleWriter {
    private let table: TableWriter
    private let months: [MonthSlice]
    private let names: [[UInt8]]
    private let recordedBefore: Instant
    private var current: Current?

    /// The order whose rows are being read.
    private struct Current {
        let id: [UInt8]
        let customer: [UInt8]?
        let plan: [UInt8]?
        let currency: [UInt8]
        var order: RecognisedOrder
    }

    /// - Parameter months: without gap.
    init(_ scope: ExportScope, _ months: [MonthSlice], _ table: TableWriter) {
        self.table = table
        self.months = months
        names = months.map { Array($0.name.utf8) }
        recordedBefore = scope.recordedBefore ?? .farthest
    }

    /// A row of `ExportStore.recognition`.
    func read(_ row: CopiedRow) throws {
        guard let id = row.raw(0), let what = row.integer(1), let at = try row.instant(2),
            let amount = row.integer(6)
        else { throw Unreadable("a row of the schedule has a gap") }
        if what == 0 {
            try end()
            guard let currency = row.raw(9) else { throw Unreadable("an order has no currency") }
            current = Current(
                id: Array(id), customer: row.raw(7).map(Array.init), plan: row.raw(8).map(Array.init),
                currency: Array(currency), order: RecognisedOrder(placedAt: at, total: amount))
            return
        }
        // What belongs to no order that is known has nothing to be recognised.
        guard current.map({ id.elementsEqual($0.id) }) == true else { return }
        if what == 1 {
            guard let until = try row.instant(3), let period = ServicePeriod(start: at, end: until) else {
                throw Unreadable("a term ends before it starts")
            }
            var cut: RecognisedOrder.Cut?
            if let from = try row.instant(4), let decided = try row.instant(5), decided < recordedBefore {
                cut = RecognisedOrder.Cut(from: from, decidedAt: decided)
            }
            current?.order.terms.append(RecognisedOrder.Term(period: period, amount: amount, cut: cut))
        } else {
            current?.order.refunds.append(RecognisedOrder.Refund(at: at, amount: amount))
        }
    }

    /// Writes the months of the last order; call it once all rows have been read.
    func end() throws {
        guard let current, let first = months.first else { return }
        self.current = nil
        var before = current.order.standing(before: first.period.start)
        for (place, month) in months.enumerated() {
            let after = current.order.standing(before: month.period.end)
            defer { before = after }
            // A month in which nothing was owed and nothing happened says nothing.
            guard before != after || after.deferred != 0 else { continue }
            try write(current, names[place], month.period, before, after)
        }
    }

    private func write(
        _ current: Current, _ name: [UInt8], _ period: ServicePeriod, _ before: RecognisedOrder.Standing,
        _ after: RecognisedOrder.Standing
    ) throws {
        try current.currency.withUnsafeBytes { try table.begin(currency: $0) }
        name.withUnsafeBytes { table.text($0) }
        table.instant(period.start)
        table.instant(period.end)
        current.id.withUnsafeBytes { table.id($0) }
        table.id(current.customer)
        table.text(current.plan)
        current.currency.withUnsafeBytes { table.text($0) }
        try table.amount(before.deferred)
        try table.amount(after.billed - before.billed)
        try table.amount(after.refunded - before.refunded)
        try table.amount(after.recognised - before.recognised)
        try table.amount(after.deferred)
        table.end()
    }
}

extension TableWriter {
    fileprivate func id(_ bytes: [UInt8]?) {
        guard let bytes else { return id(UnsafeRawBufferPointer?.none) }
        bytes.withUnsafeBytes { id($0) }
    }

    fileprivate func text(_ bytes: [UInt8]?) {
        guard let bytes else { return text(UnsafeRawBufferPointer?.none) }
        bytes.withUnsafeBytes { text($0) }
    }
}
