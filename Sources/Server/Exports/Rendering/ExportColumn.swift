/// A column of an exported table, and what of a row it shows.
struct ExportColumn: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// 16 bytes, shown as a UUID.
        case id
        /// Words that people may have chosen.
        case text
        case instant
        case number
        /// Minor units in the row's currency: two cells, `NAME_minor` and `NAME` as a decimal.
        case amount
        /// An account's name in the chart; in the row: its role, and in the column after it the owner's id.
        case account
    }

    let name: String
    let kind: Kind
    /// Which column of the statement it is taken from.
    let source: Int

    /// The cells' names, as the first line of a CSV file has them.
    var cells: [String] {
        switch kind {
        case .amount: ["\(name)_minor", name]
        case .id, .text, .instant, .number, .account: [name]
        }
    }
}

/// A kind of export as a table: its columns, and which of the statement's columns has the currency.
struct ExportTable: Sendable, Hashable {
    let columns: [ExportColumn]
    /// How many columns the statement gives.
    let sources: Int
    /// Whose scale the amounts of a row have; the column may be empty where there are no amounts.
    let currencySource: Int

    /// - Parameter columns: in the order of the statement's; `account` takes two of those.
    init(_ columns: [(String, ExportColumn.Kind)]) {
        var source = 0
        var placed: [ExportColumn] = []
        for (name, kind) in columns {
            placed.append(ExportColumn(name: name, kind: kind, source: source))
            source += kind == .account ? 2 : 1
        }
        guard let currency = placed.first(where: { $0.name == "currency" }) else {
            preconditionFailure("every table of finance has a currency")
        }
        self.columns = placed
        sources = source
        currencySource = currency.source
    }

    /// The names of what is summed up in the manifest.
    var amounts: [String] { columns.filter { $0.kind == .amount }.map(\.name) }
}
