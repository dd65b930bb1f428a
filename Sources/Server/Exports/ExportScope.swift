internal import Primitives

/// What an export is of, once the tenant's zone is known.
struct ExportScope: Sendable, Hashable {
    let tenant: TenantID
    let slug: String
    let zone: Zone
    let kind: ExportKind
    let format: ExportFormat
    /// Half-open, by the tenant's clock.
    let period: ServicePeriod
    /// Only what was recorded before this, by the tenant's clock; `nil` for all that is there.
    let recordedBefore: Instant?

    /// How many months a schedule may have.
    static let monthsMax = 1_200

    /// What is asked, in the zone of the tenant.
    init(_ request: ExportRequest, tenant: TenantID, zone: Zone) throws(ExportRefusal) {
        guard request.kind.formats.contains(request.format) else {
            throw .formatUnfit(request.kind, request.format)
        }
        let from = try Self.instant(request.from, "from", zone)
        let to = try Self.instant(request.to, "to", zone)
        guard let period = ServicePeriod(start: from, end: to) else { throw .periodEmpty }
        if request.kind == .deferredRevenue, zone.months(of: period, limit: Self.monthsMax) == nil {
            throw .tooManyMonths(Self.monthsMax)
        }
        self.tenant = tenant
        self.zone = zone
        self.period = period
        slug = request.tenant
        kind = request.kind
        format = request.format
        recordedBefore =
            if let text = request.recordedBefore { try Self.instant(text, "recorded-before", zone) } else {
                nil
            }
    }

    private static func instant(
        _ text: String, _ argument: String, _ zone: Zone
    ) throws(ExportRefusal) -> Instant {
        guard let bound = ExportBound(text) else {
            throw .boundUnreadable(argument: argument, text: text)
        }
        return bound.instant(in: zone)
    }
}
