/// SQL text and the values bound to its parameters.
///
/// `"SELECT … WHERE id = \(id)"` binds `id` as `$1`; nothing that is interpolated ever becomes text.
/// Statements on a hot path name their text once and bind by position: `Statement(text, [a, b])`.
public struct Statement: Sendable, ExpressibleByStringInterpolation {
    /// The SQL, with `$1`, `$2`… for the values.
    public let text: String
    /// The bound values, in order.
    public let values: [Value]

    /// Binds values to text that already carries `$1`, `$2`….
    @_disfavoredOverload
    public init(_ text: String, _ values: [any Bindable] = []) {
        self.text = text
        self.values = values.map { $0.postgresValue }
    }

    /// Takes a literal, so that an interpolation inside the parentheses binds as it does outside of them.
    public init(_ literal: Statement) {
        self = literal
    }

    /// Binds values that are already in binary form.
    public init(text: String, values: [Value]) {
        self.text = text
        self.values = values
    }

    /// Takes text as it is: for SQL put together by code, never for anything a request carried.
    public init(unsafeRaw text: String) {
        self.text = text
        values = []
    }

    public init(stringLiteral text: String) {
        self.text = text
        values = []
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        values = stringInterpolation.values
    }

    /// Collects text and bound values while a literal is read.
    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var values: [Value] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
            values.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        public mutating func appendInterpolation<T: Bindable>(_ value: T) {
            values.append(value.postgresValue)
            text += "$\(values.count)"
        }

        /// Binds NULL for nil; without an overload of its own the compiler warns of an optional in a string.
        public mutating func appendInterpolation<T: Bindable>(_ value: T?) {
            values.append(value.postgresValue)
            text += "$\(values.count)"
        }

        /// Splices text as it is: for names and fragments from code, never for anything a request carried.
        public mutating func appendInterpolation(unsafeRaw fragment: String) {
            text += fragment
        }
    }
}
