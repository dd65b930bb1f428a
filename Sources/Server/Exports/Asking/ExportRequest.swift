/// An export as it is asked for; bounds are texts until the tenant's zone is known.
struct ExportRequest: Sendable, Hashable {
    var tenant: String
    var kind: ExportKind
    var format: ExportFormat
    /// A month, a day or a moment; the period includes it.
    var from: String
    /// The period ends before it.
    var to: String
    /// Only what was recorded before this month, day or moment; `nil` for all that is there.
    var recordedBefore: String?
}
