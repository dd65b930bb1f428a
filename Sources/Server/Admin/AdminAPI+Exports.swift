internal import HTTPTypes
internal import Primitives

extension AdminAPI {
    static let exportEndpoints: [AdminEndpoint] = [
        export(
            "getExport", "/exports/{kind}", "A period of the tenant's books, as a file",
            media: ExportFormat.allCases.map(\.mediaType), answer: nil, AdminAPI.getExport),
        export(
            "getExportManifest", "/exports/{kind}/manifest",
            "What is to be known of that file: rows, control totals, SHA-256", media: [],
            answer: "ExportManifest", AdminAPI.getExportManifest),
    ]

    private static func export(
        _ name: String, _ path: String, _ summary: String, media: [String], answer: String?,
        _ handler: @escaping @Sendable (AdminAPI) -> (AdminCall) async throws -> AdminAnswer
    ) -> AdminEndpoint {
        AdminEndpoint(
            name: name, method: .get, place: .tenant, path: path,
            permission: .roles(.owner, .finance, .readOnly), tag: "exports", summary: summary,
            query: ["ExportFrom", "ExportTo", "ExportRecordedBefore", "ExportFormat"], answer: answer,
            media: media, handler: .admitted(handler))
    }

    /// Streams the file: it is made while it is sent.
    func getExport(_ call: AdminCall) async throws -> AdminAnswer {
        .raw(try await ExportDownload.response(try await download(call)))
    }

    /// Makes the file and sends what is to be known of it alone.
    func getExportManifest(_ call: AdminCall) async throws -> AdminAnswer {
        let download = try await download(call)
        while try await download.next() != nil {}
        return .json(download.manifest.json(of: nil))
    }

    private func download(_ call: AdminCall) async throws -> ExportDownload {
        guard let tenant = call.tenant,
            let kind = call.parameters["kind"].flatMap({ ExportKind(rawValue: String($0)) })
        else { throw AdminProblem(.notFound) }
        let query = try ExportQuery(call)
        do {
            let place = try exportPlaces.take(tenant.id)
            let scope = try await exports.scope(query.request(kind, of: tenant.slug))
            return ExportDownload(exports.begin(scope), place)
        } catch let refusal as ExportRefusal {
            throw AdminProblem(refusal)
        }
    }
}

/// What the query of an export says.
private struct ExportQuery {
    let from: String
    let to: String
    let recordedBefore: String?
    let format: ExportFormat

    init(_ call: AdminCall) throws(AdminProblem) {
        let query = try AdminQuery(paging: false, call, "from", "to", "recorded_before", "format")
        guard let from = try Self.bound("from", query) else { throw .invalidQuery("from", Self.bound) }
        guard let to = try Self.bound("to", query) else { throw .invalidQuery("to", Self.bound) }
        self.from = from
        self.to = to
        recordedBefore = try Self.bound("recorded_before", query)
        format = try query.word("format") ?? .csv
    }

    func request(_ kind: ExportKind, of tenant: String) -> ExportRequest {
        ExportRequest(
            tenant: tenant, kind: kind, format: format, from: from, to: to, recordedBefore: recordedBefore)
    }

    static let bound = "a month, a day or a moment: 2026-01, 2026-01-31, 2026-01-31T00:00:00Z"

    /// The plus sign of a zone may have become a space on its way.
    private static func bound(_ name: String, _ query: AdminQuery) throws(AdminProblem) -> String? {
        try query.text(name, bound)?.replacing(" ", with: "+")
    }
}

extension AdminProblem {
    fileprivate init(_ refusal: ExportRefusal) {
        switch refusal {
        case .tenantUnknown: self.init(Code.notFound)
        case .boundUnreadable(let argument, _):
            self = .invalidQuery(argument.replacing("-", with: "_"), ExportQuery.bound)
        case .periodEmpty: self = .invalidQuery("to", "later than from")
        case .formatUnfit(let kind, _):
            self = .invalidQuery("format", "one of \(kind.formats.map(\.rawValue).joined(separator: ", "))")
        case .tooManyMonths(let limit): self = .invalidQuery("to", "at most \(limit) months after from")
        case .running:
            self.init(Code.rateLimited, "An export of this tenant is under way: try again when it has ended.")
            headers[.retryAfter] = "10"
        case .busy: self = .retry(.unavailable, after: 10)
        }
    }
}

extension AdminAPI.OpenAPI {
    static let exportParameters: JSON = [
        "ExportKind": [
            "name": "kind", "in": "path", "required": true,
            "schema": ["enum": .array(ExportKind.allCases.map { .string($0.rawValue) })],
        ],
        "ExportFrom": bound(
            "from", "The month, day or moment with which the period begins.", isRequired: true),
        "ExportTo": bound("to", "The month, day or moment before which it ends.", isRequired: true),
        "ExportRecordedBefore": bound(
            "recorded_before", "Only what was recorded before this; then it gives the same bytes ever after."),
        "ExportFormat": query(
            "format", "`hledger` and `beancount` of the journal alone.",
            ["enum": .array(ExportFormat.allCases.map { .string($0.rawValue) }), "default": "csv"]),
    ]

    private static func bound(_ name: String, _ description: String, isRequired: Bool = false) -> JSON {
        [
            "name": .string(name), "in": "query", "required": .bool(isRequired),
            "description": .string("\(description) Months and days are those of the tenant's time zone."),
            "schema": ["type": "string", "examples": ["2026-01", "2026-01-31", "2026-01-31T00:00:00Z"]],
        ]
    }

    static let exportSchemas: JSON = [
        "ExportManifest": [
            "type": "object",
            "required": [
                "manifest", "tenant", "kind", "format", "from", "to", "recorded_before", "final", "time_zone",
                "snapshot", "schema", "file",
            ],
            "properties": [
                "final": [
                    "type": "boolean",
                    "description": "Whether the same arguments give the same bytes from now on.",
                ],
                "from": schema("Instant"), "to": schema("Instant"),
                "file": [
                    "type": "object", "required": ["rows", "bytes", "sha256", "totals"],
                    "properties": [
                        "rows": ["type": "integer"], "bytes": ["type": "integer"],
                        "sha256": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
                        "totals": [
                            "type": "array", "items": ["type": "object", "required": ["currency", "scale"]],
                        ],
                    ],
                ],
            ],
        ]
    ]
}
