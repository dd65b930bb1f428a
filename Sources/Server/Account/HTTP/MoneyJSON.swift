internal import Primitives

extension Money {
    /// `{"amount": "12.00", "minor": 1200, "currency": "EUR"}`.
    var accountJSON: JSON {
        ["amount": .string(decimalString), "minor": .integer(minor), "currency": .string(currency.code)]
    }
}
