/// A JSON value (RFC 8259) that loses nothing: integers are exact, other numbers keep their text, members their order.
///
/// Equality is of the spelling: `1.0` is not `1`, and member order counts. Compare `canonical()` for equality of meaning.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(JSONNumber)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// The deepest nesting of arrays and objects that `parse` accepts.
    public static let depthMax = 64
    /// The most combining marks on one character that `parse` accepts (UAX #15, stream-safe text).
    public static let marksMax = 30
}

extension JSON {
    /// The member of this name; `nil` where there is none, or where this is no object.
    public subscript(key: String) -> JSON? { objectValue?[key] }

    public var isNull: Bool { self == .null }

    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The whole number meant, however it is spelt (`2`, `2.0`, `20e-1`); `nil` for a fraction or outside Int64.
    public var integralValue: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let number): number.integralValue
        case .null, .bool, .string, .array, .object: nil
        }
    }

    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var arrayValue: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    public var objectValue: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// Keeps the order of the literal; two members of one name trap.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements {
            precondition(object[key] == nil, "a JSON literal names one member twice")
            object[key] = value
        }
        self = .object(object)
    }
}
