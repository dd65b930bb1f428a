/// The environment failed and nothing was decided; the chain is for the log, never for the caller.
public struct Fault: Error, CustomStringConvertible {
    /// What was being done, in words.
    public let operation: String
    /// Whether the same request may succeed later, unchanged.
    public let isTransient: Bool
    public let underlying: any Error

    public init(operation: String, isTransient: Bool, underlying: any Error) {
        self.operation = operation
        self.isTransient = isTransient
        self.underlying = underlying
    }

    public var description: String { "\(operation): \(underlying)" }
}
