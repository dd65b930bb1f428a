/// Why there is no export of this; nothing was read.
enum ExportRefusal: Error, Sendable, Hashable {
    case tenantUnknown(String)
    /// Which argument, and what it says.
    case boundUnreadable(argument: String, text: String)
    /// The period ends where it begins, or before.
    case periodEmpty
    case formatUnfit(ExportKind, ExportFormat)
    /// More months than a schedule shows.
    case tooManyMonths(Int)
    /// One of the tenant's exports is being downloaded.
    case running
    /// So many exports are being downloaded, of all tenants.
    case busy

    /// Whether other arguments would have been fine.
    var isBadUsage: Bool {
        switch self {
        case .tenantUnknown, .running, .busy: false
        case .boundUnreadable, .periodEmpty, .formatUnfit, .tooManyMonths: true
        }
    }
}

extension ExportRefusal: CustomStringConvertible {
    var description: String {
        switch self {
        case .tenantUnknown(let slug): "there is no tenant \(slug)"
        case .boundUnreadable(let argument, let text):
            "\(argument) is \(text), and has to be a month, a day or a moment: 2026-01, 2026-01-31, 2026-01-31T00:00:00Z"
        case .periodEmpty: "the period ends before it begins: from is included, to is not"
        case .formatUnfit(let kind, let format):
            "\(kind.rawValue) cannot be written as \(format.rawValue), only as "
                + kind.formats.map(\.rawValue).joined(separator: " or ")
        case .tooManyMonths(let limit): "a schedule has at most \(limit) months"
        case .running: "an export of this tenant is being downloaded: try again when it has ended"
        case .busy: "too many exports are being downloaded: try again later"
        }
    }
}
