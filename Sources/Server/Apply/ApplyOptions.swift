public import Catalog
public import Primitives

/// How a catalogue file is applied.
public struct ApplyOptions: Sendable, Hashable {
    /// Does everything, constraints included, and takes it back.
    public var isDryRun: Bool
    /// Deactivates what the file leaves out.
    public var prunes: Bool

    public init(isDryRun: Bool = false, prunes: Bool = false) {
        self.isDryRun = isDryRun
        self.prunes = prunes
    }
}

/// Why a catalogue file was not applied; nothing was written.
public enum ApplyError: Error, Sendable, CustomStringConvertible {
    /// The file is wrong, by itself or against what the database holds: bad usage, exit code 2.
    case document(DocumentError)
    /// The environment failed: exit code 1.
    case unavailable(Fault)

    /// `file:line:column: message`, or what failed.
    public var description: String {
        switch self {
        case .document(let error): "\(error)"
        case .unavailable(let fault): "\(fault)"
        }
    }
}
