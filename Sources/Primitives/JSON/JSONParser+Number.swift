extension JSONParser {
    /// Reads `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`; Int64 where that is all it is.
    mutating func number() throws(JSONError) -> JSON {
        let start = position
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var whole = try integer(isNegative)
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            whole = nil
            position += 1
            try digits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            whole = nil
            position += 1
            if position < bytes.count,
                bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
            {
                position += 1
            }
            try digits()
        }
        if let whole { return .integer(whole) }
        return .number(JSONNumber(unchecked: String(decoding: bytes[start..<position], as: UTF8.self)))
    }

    /// The digits before the point; `nil` where they leave Int64. Counts down, so that Int64.min can be read too.
    private mutating func integer(_ isNegative: Bool) throws(JSONError) -> Int64? {
        let start = position
        var value: Int64? = 0
        while position < bytes.count, let digit = digit(bytes[position]) {
            value = value.flatMap { Self.appending(digit, to: $0) }
            position += 1
        }
        let count = position - start
        guard count > 0 else { throw try missingDigit() }
        guard count == 1 || bytes[start] != UInt8(ascii: "0") else {
            throw JSONError(.invalidNumber, at: start)
        }
        guard !isNegative, let negated = value else { return value }
        let (positive, overflow) = Int64(0).subtractingReportingOverflow(negated)
        return overflow ? nil : positive
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while position < bytes.count, digit(bytes[position]) != nil { position += 1 }
        guard position > start else { throw try missingDigit() }
    }

    private func missingDigit() throws(JSONError) -> JSONError {
        _ = try peek()
        return JSONError(.invalidNumber, at: position)
    }

    private static func appending(_ digit: Int64, to value: Int64) -> Int64? {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.subtractingReportingOverflow(digit)
        return overflow || carry ? nil : sum
    }

    private func digit(_ byte: UInt8) -> Int64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? Int64(value) : nil
    }
}
