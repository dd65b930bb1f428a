/// What finance takes out of a tenant's books: docs/exports.md.
enum ExportKind: String, Sendable, Hashable, CaseIterable {
    case orders
    case journal
    case postings
    case balances
    case deferredRevenue = "deferred-revenue"
    case wholesaleMargin = "wholesale-margin"
    case couponCost = "coupon-cost"

    /// In which formats it makes sense.
    var formats: [ExportFormat] {
        switch self {
        case .journal: ExportFormat.allCases
        case .orders, .postings, .balances, .deferredRevenue, .wholesaleMargin, .couponCost: [.csv, .jsonl]
        }
    }

    /// For the command line's help.
    var summary: String {
        switch self {
        case .orders: "orders placed in the period, with what went back of each"
        case .journal: "events of the period; as a journal for hledger and beancount, with balances checked"
        case .postings: "both sides of every movement of the period, with the balance after it"
        case .balances: "the trial balance: opening, debit, credit and closing of every account"
        case .deferredRevenue:
            "what was billed, given back, recognised and is deferred of each order, by month"
        case .wholesaleMargin: "what each event earned of customers and cost of wholesale"
        case .couponCost: "what each coupon took off an order, and what came back"
        }
    }
}

/// How an export is written.
enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    case csv
    case jsonl
    case hledger
    case beancount

    /// The media type of a download, without parameters.
    var mediaType: String {
        switch self {
        case .csv: "text/csv"
        case .jsonl: "application/jsonl"
        case .hledger, .beancount: "text/plain"
        }
    }

    var contentType: String { "\(mediaType); charset=utf-8\(self == .csv ? "; header=present" : "")" }

    /// What a file of it ends with.
    var fileExtension: String {
        switch self {
        case .csv: "csv"
        case .jsonl: "jsonl"
        case .hledger: "journal"
        case .beancount: "beancount"
        }
    }
}
