internal import Billing

/// What an account of the chart is called outside: a reseller's accounts, and below `platform` what is the platform's.
enum AccountNames {
    /// As hledger has it, and tables too; a wallet's, and what is owed, goes on with the customer's id.
    static func path(_ role: AccountRole) -> String {
        switch role {
        case .wallet: "liabilities:customers:"
        case .revenue: "revenues:orders"
        case .outside: "assets:outside"
        case .adjustments: "expenses:adjustments"
        case .receivable: "assets:customers:"
        case .refundsDue: "liabilities:refunds"
        case .float: "liabilities:platform:float"
        case .platformRevenue: "revenues:platform:wholesale"
        case .platformOutside: "assets:platform:outside"
        }
    }

    /// As beancount has it, which knows five roots and capitals.
    static func beancount(_ role: AccountRole) -> String {
        switch role {
        case .wallet: "Liabilities:Customers:"
        case .revenue: "Income:Orders"
        case .outside: "Assets:Outside"
        case .adjustments: "Expenses:Adjustments"
        case .receivable: "Assets:Customers:"
        case .refundsDue: "Liabilities:Refunds"
        case .float: "Liabilities:Platform:Float"
        case .platformRevenue: "Income:Platform:Wholesale"
        case .platformOutside: "Assets:Platform:Outside"
        }
    }

    /// The type by which hledger reports it.
    static func hledgerType(_ role: AccountRole) -> String {
        switch role {
        case .wallet, .refundsDue, .float: "L"
        case .revenue, .platformRevenue: "R"
        case .outside, .receivable, .platformOutside: "A"
        case .adjustments: "X"
        }
    }
}

/// The chart's names as bytes, by the role as the database spells it.
struct ChartBytes {
    private let roles: [(spelling: [UInt8], role: AccountRole, name: [UInt8])]

    init(_ name: (AccountRole) -> String) {
        roles = AccountRole.allCases.map { (Array($0.rawValue.utf8), $0, Array(name($0).utf8)) }
    }

    func role(_ spelling: UnsafeRawBufferPointer) throws -> AccountRole {
        guard let found = roles.first(where: { spelling.elementsEqual($0.spelling) }) else {
            throw ExportFault.roleUnknown(String(decoding: spelling, as: UTF8.self))
        }
        return found.role
    }

    /// Writes the name; the id of whom it belongs to behind it where everybody has one.
    func write(
        _ spelling: UnsafeRawBufferPointer, owner: UnsafeRawBufferPointer, to bytes: ExportBytes
    ) throws {
        guard let found = roles.first(where: { spelling.elementsEqual($0.spelling) }) else {
            throw ExportFault.roleUnknown(String(decoding: spelling, as: UTF8.self))
        }
        bytes.append(found.name)
        if found.role.isPerCustomer { bytes.append(uuid: owner) }
    }
}
