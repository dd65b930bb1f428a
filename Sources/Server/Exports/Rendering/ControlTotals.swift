internal import Primitives

/// How many rows there were, and what their amounts come to in each currency: what a receiver checks an export by.
struct ControlTotals: Sendable, Hashable {
    /// What is summed up, in the order of the sums.
    let names: [String]
    private(set) var rows: Int64 = 0
    private var currencies: [Currency] = []
    private var sums: [[Int64]] = []
    private var current = 0

    init(_ names: [String]) {
        self.names = names
    }

    /// The sums in the order of their currencies' codes.
    var byCurrency: [(currency: Currency, sums: [Int64])] {
        currencies.indices.sorted { currencies[$0] < currencies[$1] }.map { (currencies[$0], sums[$0]) }
    }

    mutating func countRow() {
        rows += 1
    }

    /// From here on amounts are of this currency; its digits.
    @inline(__always)
    mutating func select(_ code: UnsafeRawBufferPointer) throws -> Int {
        if current < currencies.count, code.elementsEqual(currencies[current].code.utf8) {
            return currencies[current].scale
        }
        return try selectOther(String(decoding: code, as: UTF8.self))
    }

    private mutating func selectOther(_ code: String) throws -> Int {
        guard let currency = Currency(code) else { throw ExportFault.currencyUnknown(code) }
        current = currencies.firstIndex(of: currency) ?? currencies.count
        if current == currencies.count {
            currencies.append(currency)
            sums.append([Int64](repeating: 0, count: names.count))
        }
        return currency.scale
    }

    @inline(__always)
    mutating func add(_ amount: Int64, to place: Int) throws {
        let (sum, overflow) = sums[current][place].addingReportingOverflow(amount)
        if overflow { throw ExportFault.totalTooLarge(names[place]) }
        sums[current][place] = sum
    }
}

/// What keeps an export from being made although it was asked for rightly.
enum ExportFault: Error, Sendable, Hashable {
    /// A control total leaves 64 bits.
    case totalTooLarge(String)
    /// The books have a currency that ISO 4217 does not list.
    case currencyUnknown(String)
    /// The books have an account that the chart does not know.
    case roleUnknown(String)
}

extension ExportFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .totalTooLarge(let name): "the control total of \(name) is too large; take a shorter period"
        case .currencyUnknown(let code): "the books have the currency \(code), which ISO 4217 does not list"
        case .roleUnknown(let role): "the books have an account for \(role), which the chart does not know"
        }
    }
}
