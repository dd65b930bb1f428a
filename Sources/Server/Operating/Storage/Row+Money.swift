internal import Postgres
internal import Primitives

extension Row {
    /// Reads a column of an ISO 4217 code; a code that ISO 4217 does not list is a fault of the stored row.
    func currency(_ column: Int) throws -> Currency {
        guard let currency = Currency(try get(column, as: String.self)) else {
            throw Unreadable("the stored currency is not in ISO 4217")
        }
        return currency
    }

    /// Reads a column of minor units.
    func money(_ column: Int, _ currency: Currency) throws -> Money {
        Money(minor: try get(column), currency: currency)
    }

    /// Reads a nullable column of minor units.
    func moneyIfAny(_ column: Int, _ currency: Currency) throws -> Money? {
        try get(column, as: Int64?.self).map { Money(minor: $0, currency: currency) }
    }
}
