/// Why a command ends with an exit code other than 0: what went wrong and what to do next, in one sentence.
public enum CommandFailure: Error, Sendable, Equatable {
    /// The arguments or settings make no sense: exit 2, nothing was done.
    case badUsage(String)
    /// It was refused or failed: exit 1.
    case failed(String)
    /// Everything has been said already: exit 1.
    case said

    var exitCode: Int32 {
        switch self {
        case .badUsage: 2
        case .failed, .said: 1
        }
    }
}

extension CommandFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badUsage(let sentence), .failed(let sentence): sentence
        case .said: ""
        }
    }
}
