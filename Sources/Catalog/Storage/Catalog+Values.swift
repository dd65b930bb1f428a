public import Postgres
internal import Primitives

// The catalogue's words are stored as their raw values.
extension DialectName: ArrayBindable, Readable {}
extension OrderKind: ArrayBindable, Readable {}
extension NetworkType: ArrayBindable, Readable {}
extension ConnectionType: ArrayBindable, Readable {}
extension GatewayProtocol: ArrayBindable, Readable {}
extension ExitCountry: ArrayBindable, Readable {}
extension ExitRotation: ArrayBindable, Readable {}

extension Row {
    /// Reads a column of an ISO 4217 code; a code that ISO 4217 does not list is a fault of the stored row.
    func currency(_ column: Int) throws -> Currency {
        let code: String = try get(column)
        guard let currency = Currency(code) else {
            throw Unreadable("the stored currency is not in ISO 4217")
        }
        return currency
    }

    /// Reads the nullable columns of a plan's length, of which one is set at most.
    func planDuration(_ milliseconds: Int, _ months: Int) throws -> PlanDuration? {
        if let months = try get(months, as: Int32?.self) { return .months(months) }
        return try get(milliseconds, as: Int64?.self).map { .fixed(milliseconds: $0) }
    }

    /// Reads a nullable column of minor units.
    func money(_ column: Int, _ currency: Currency) throws -> Money? {
        try get(column, as: Int64?.self).map { Money(minor: $0, currency: currency) }
    }
}

extension PlanDuration {
    /// What the column of fixed lengths holds.
    var milliseconds: Int64? {
        if case .fixed(let milliseconds) = self { milliseconds } else { nil }
    }

    /// What the column of calendar lengths holds.
    var months: Int32? {
        if case .months(let months) = self { months } else { nil }
    }
}
