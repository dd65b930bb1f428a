internal import Primitives
internal import SchemaFiles

/// What is to be known of an exported file: what was asked, what it saw, and how to check it.
struct ExportManifest: Sendable, Hashable {
    let scope: ExportScope
    let figures: ExportFigures
    let bytes: Int64
    let sha256: [UInt8]
    /// The release of the tz database; `nil` where the machine does not say.
    let tzdata: String?

    /// How long before the snapshot something must have been recorded that nothing can come in between any more: longer
    /// than any transaction lasts, and than the clocks of two servers differ.
    static let settlingMilliseconds: Int64 = 10 * 60_000

    /// Whether the same arguments give the same bytes from now on.
    var isFinal: Bool {
        guard let bound = scope.recordedBefore else { return false }
        return bound.milliseconds <= figures.tenantTime.milliseconds - Self.settlingMilliseconds
    }

    /// 64 hex digits.
    var sha256Text: String {
        sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// - Parameter name: the file's, where it has one.
    func json(of name: String?) -> JSON {
        [
            "manifest": 1,
            "tenant": .string(scope.slug), "kind": .string(scope.kind.rawValue),
            "format": .string(scope.format.rawValue),
            "from": .string(scope.period.start.rfc3339()), "to": .string(scope.period.end.rfc3339()),
            "recorded_before": scope.recordedBefore.map { .string($0.rfc3339()) } ?? .null,
            "final": .bool(isFinal), "time_zone": .string(scope.zone.name),
            "tzdata": tzdata.map(JSON.string) ?? .null,
            "snapshot": [
                "taken_at": .string(figures.takenAt.rfc3339()),
                "tenant_time": .string(figures.tenantTime.rfc3339()),
                "transactions": .string(figures.snapshot), "isolation": "repeatable read",
            ],
            "schema": SchemaFiles.migrations.last.map { .string($0.name) } ?? .null,
            "file": [
                "name": name.map(JSON.string) ?? .null, "rows": .integer(figures.totals.rows),
                "bytes": .integer(bytes), "sha256": .string(sha256Text),
                "totals": .array(figures.totals.byCurrency.map { total($0.currency, $0.sums) }),
            ],
        ]
    }

    private func total(_ currency: Currency, _ sums: [Int64]) -> JSON {
        var total = JSONObject()
        total["currency"] = .string(currency.code)
        total["scale"] = .integer(Int64(currency.scale))
        for (name, sum) in zip(figures.totals.names, sums) {
            total["\(name)_minor"] = .integer(sum)
            total[name] = .string(Money(minor: sum, currency: currency).decimalString)
        }
        return .object(total)
    }
}
