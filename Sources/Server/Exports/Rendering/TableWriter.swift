internal import Postgres
internal import Primitives

/// Writes rows as CSV (RFC 4180) or as JSON objects, a line each.
///
/// Cells are written in the order of the columns, between `begin` and `end`.
final class TableWriter {
    let bytes: ExportBytes
    private(set) var totals: ControlTotals
    private let table: ExportTable
    private let isCSV: Bool
    /// What stands before each cell.
    private let openings: [[UInt8]]
    private let chart = ChartBytes(AccountNames.path)
    private var cell = 0
    private var amount = 0
    private var scale = 0

    /// - Parameter format: `csv` or `jsonl`.
    init(_ table: ExportTable, _ format: ExportFormat, _ bytes: ExportBytes) {
        precondition(format == .csv || format == .jsonl, "a table is written as csv or jsonl")
        self.table = table
        self.bytes = bytes
        totals = ControlTotals(table.amounts)
        isCSV = format == .csv
        let cells = table.columns.flatMap(\.cells)
        openings = cells.enumerated().map { place, name in
            if format == .csv { return place == 0 ? [] : [UInt8(ascii: ",")] }
            return Array("\(place == 0 ? "{" : ",")\"\(name)\":".utf8)
        }
        if isCSV { bytes.append(cells.joined(separator: ",") + "\r\n") }
    }

    /// Writes a row of the table's own statement.
    func write(_ row: CopiedRow) throws {
        try begin(currency: row.raw(table.currencySource))
        for column in table.columns {
            switch column.kind {
            case .id: id(row.raw(column.source))
            case .text: text(row.raw(column.source))
            case .instant: instant(try row.instant(column.source))
            case .number: number(row.integer(column.source))
            case .amount: try amount(row.integer(column.source))
            case .account: try account(row.raw(column.source), owner: row.raw(column.source + 1))
            }
        }
        end()
    }

    func begin(currency: UnsafeRawBufferPointer?) throws {
        (cell, amount) = (0, 0)
        if let currency { scale = try totals.select(currency) }
    }

    func end() {
        if isCSV { bytes.append(UInt8(ascii: "\r")) } else { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
        totals.countRow()
    }

    func id(_ raw: UnsafeRawBufferPointer?) {
        open()
        guard let raw else { return null() }
        quote()
        bytes.append(uuid: raw)
        quote()
    }

    func text(_ raw: UnsafeRawBufferPointer?) {
        open()
        guard let raw else { return null() }
        if isCSV { bytes.append(csv: raw) } else { bytes.append(json: raw) }
    }

    func instant(_ instant: Instant?) {
        open()
        guard let instant else { return null() }
        quote()
        bytes.append(instant)
        quote()
    }

    func number(_ number: Int64?) {
        open()
        guard let number else { return null() }
        bytes.append(number)
    }

    /// Minor units, and the same as a decimal.
    func amount(_ minor: Int64?) throws {
        open()
        defer { amount += 1 }
        guard let minor else {
            null()
            open()
            return null()
        }
        try totals.add(minor, to: amount)
        bytes.append(minor)
        open()
        quote()
        bytes.append(minor: minor, scale: scale)
        quote()
    }

    private func account(_ role: UnsafeRawBufferPointer?, owner: UnsafeRawBufferPointer?) throws {
        open()
        guard let role, let owner else { return null() }
        quote()
        try chart.write(role, owner: owner, to: bytes)
        quote()
    }

    @inline(__always)
    private func open() {
        if isCSV, cell > 0 { bytes.append(UInt8(ascii: ",")) } else { bytes.append(openings[cell]) }
        cell += 1
    }

    private func null() {
        if !isCSV { bytes.append("null") }
    }

    @inline(__always)
    private func quote() {
        if !isCSV { bytes.append(UInt8(ascii: "\"")) }
    }
}
