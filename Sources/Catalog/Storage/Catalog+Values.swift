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

    /// Reads a nullable column of minor units.
    func money(_ column: Int, _ currency: Currency) throws -> Money? {
        try get(column, as: Int64?.self).map { Money(minor: $0, currency: currency) }
    }
}
