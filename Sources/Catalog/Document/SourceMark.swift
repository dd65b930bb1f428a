/// A place in a file; line and column count from 1, columns in Unicode scalars.
public struct SourceMark: Sendable, Hashable {
    public let file: String
    public let line: Int
    public let column: Int
    /// The key that is read there, as a path from what is read as a whole: `plans[2].price`; `nil` for the whole.
    public let field: String?

    public init(file: String, line: Int, column: Int, field: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.field = field
    }

    /// The same place, as that of a key of what stands there.
    func key(_ key: String) -> SourceMark {
        SourceMark(file: file, line: line, column: column, field: field.map { "\($0).\(key)" } ?? key)
    }

    /// The error that this place of the file causes.
    public func problem(_ message: String) -> DocumentError {
        DocumentError(mark: self, message: message)
    }
}

/// A value and where the file says it.
public struct Located<Value: Sendable & Hashable>: Sendable, Hashable {
    public let value: Value
    public let mark: SourceMark

    public init(_ value: Value, at mark: SourceMark) {
        self.value = value
        self.mark = mark
    }
}

/// Why a catalogue file was refused: one place and one sentence; nothing was written.
public struct DocumentError: Error, Sendable, Hashable, CustomStringConvertible {
    public let mark: SourceMark
    public let message: String

    public init(mark: SourceMark, message: String) {
        self.mark = mark
        self.message = message
    }

    /// `file:line:column: message`, as editors and terminals understand it.
    public var description: String { "\(mark.file):\(mark.line):\(mark.column): \(message)" }
}
