internal import Primitives

extension ValueReader {
    /// A name of this form.
    func name(_ form: Form) throws(DocumentError) -> String {
        let text = try text()
        guard form.isMatch(text) else { throw problem("\"\(text)\" is no \(form.explanation)") }
        return text
    }

    /// A name of this form, with its place: for what refers to something else.
    func reference(_ form: Form) throws(DocumentError) -> Located<String> {
        Located(try name(form), at: mark)
    }

    /// What a person reads: at most 200 characters.
    func title() throws(DocumentError) -> String {
        let text = try text()
        guard text.count <= 200 else { throw problem("is longer than 200 characters") }
        return text
    }

    /// One of these words.
    func word(of known: [String]) throws(DocumentError) -> String {
        let text = try text()
        guard known.contains(text) else {
            throw problem("\"\(text)\" is not known\(Spelling.known(known, near: text))")
        }
        return text
    }

    /// One of the raw values of an enumeration.
    func word<Word: CaseIterable & RawRepresentable>(
        of type: Word.Type = Word.self
    ) throws(DocumentError) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try word(of: Word.allCases.map(\.rawValue))) else {
            preconditionFailure("a case has another raw value than its own")
        }
        return word
    }

    /// `true` or `false`, or `yes` or `no`.
    func flag() throws(DocumentError) -> Bool {
        let text = try text()
        switch text {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw problem("\"\(text)\" is neither true nor false")
        }
    }

    /// A whole number within bounds.
    func integer(in bounds: ClosedRange<Int64>) throws(DocumentError) -> Int64 {
        let text = try text()
        guard let value = Int64(text) else { throw problem("\"\(text)\" is no whole number") }
        guard bounds.contains(value) else {
            throw problem("\(text) is not within \(bounds.lowerBound) and \(bounds.upperBound)")
        }
        return value
    }

    /// A positive whole number that a 32-bit column holds.
    func count() throws(DocumentError) -> Int32 {
        Int32(try integer(in: 1...Int64(Int32.max)))
    }

    /// A TCP port that needs no privileges: 1024 … 65535.
    func port() throws(DocumentError) -> Int32 {
        let value = try integer(in: 1...65_535)
        guard value >= 1024 else { throw problem("port \(value) is reserved; use 1024 or above") }
        return Int32(value)
    }

    /// An inclusive range of ports, `12001-12200`.
    func ports() throws(DocumentError) -> ClosedRange<Int32> {
        let text = try text()
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high, low >= 1, high <= 65_535
        else {
            throw problem("\"\(text)\" is no range of ports, like 12001-12200")
        }
        guard low >= 1024 else { throw problem("port \(low) is reserved; use 1024 or above") }
        return Int32(low)...Int32(high)
    }
}
