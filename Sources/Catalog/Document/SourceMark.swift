/// A place in a file; line and column count from 1, columns in Unicode scalars.
public struct SourceMark: Sendable, Hashable {
    public let file: String
    public let line: Int
    public let column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
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
