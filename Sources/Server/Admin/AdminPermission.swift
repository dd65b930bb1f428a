internal import HTTPTypes
internal import Primitives

/// Who may do an operation.
///
/// Every operation of the admin API names its own, beside its path and its handler (`AdminEndpoint`). The check, the
/// `x-roles` of the OpenAPI document and the table in docs/admin.md are made of them, and a test walks every cell.
enum AdminPermission: Sendable, Hashable {
    /// Anybody, without a credential.
    case anybody
    /// A person who signed in, whatever their role: what concerns only themself.
    case person
    /// These roles: of the platform's staff, and of a tenant's own staff at their tenant.
    case roles(platform: Set<StaffRole>, tenant: Set<StaffRole>)

    /// The same roles on either side.
    static func roles(_ roles: StaffRole...) -> AdminPermission {
        .roles(platform: Set(roles), tenant: Set(roles))
    }

    /// What is the platform's alone.
    static func platform(_ roles: StaffRole...) -> AdminPermission {
        .roles(platform: Set(roles), tenant: [])
    }

    /// These, on either side; for a group of operations that shares them.
    static func roles(_ roles: Set<StaffRole>) -> AdminPermission { .roles(platform: roles, tenant: roles) }

    static let everybody = AdminPermission.roles(
        platform: Set(StaffRole.allCases), tenant: Set(StaffRole.allCases))

    /// Whether it is for them; that the tenant is theirs at all was asked before.
    func allows(_ actor: StaffActor) -> Bool {
        switch (self, actor.scope) {
        case (.anybody, _): true
        case (.person, _): actor.kind == .person
        case (.roles(let platform, _), .platform): platform.contains(actor.role)
        case (.roles(_, let tenant), .tenant): tenant.contains(actor.role)
        }
    }
}

/// Where an operation's path stands, and so whose rows it is about.
enum AdminPlace: Sendable, Hashable {
    /// `/v1/…`
    case platform
    /// `/v1/tenants/{tenant}/…`
    case tenant

    var prefix: String {
        switch self {
        case .platform: "/v1"
        case .tenant: "/v1/tenants/{tenant}"
        }
    }
}

/// One operation of the admin API: its address, who may, what it takes and gives, and what carries it out.
struct AdminEndpoint: Sendable {
    /// What carries it out.
    enum Handler: Sendable {
        /// For anybody.
        case open(@Sendable (AdminAPI) -> (DialectRequest) async throws -> AdminAnswer)
        /// For whoever was let in and may.
        case admitted(@Sendable (AdminAPI) -> (AdminCall) async throws -> AdminAnswer)
    }

    /// What the document, the log, the metrics and the audit log call it.
    let name: String
    let method: HTTPRequest.Method
    let place: AdminPlace
    /// Below the place.
    let path: String
    let permission: AdminPermission
    let tag: String
    let summary: String
    /// Names in `components.parameters` of the document.
    var query: [String] = []
    /// The schema of the request's body.
    var body: String?
    var status: HTTPResponse.Status = .ok
    /// The schema of the answer; `nil` where it is not JSON of ours.
    var answer: String?
    /// What it may answer instead of JSON of ours: media types without parameters.
    var media: [String] = []
    /// Whether the answer can be had as YAML as well.
    var hasYAML = false
    /// Whether the body may be YAML as well.
    var takesYAML = false
    /// How long the body may be, in bytes; `nil`: as long as everybody's.
    var bodyMax: Int?
    /// Whether the answer is a thing that has an ETag.
    var isTagged = false
    /// Whether it changes a thing that is read elsewhere with an ETag, which it must name in `If-Match`.
    var isConditional = false
    /// What can go wrong beside what can with every request.
    var problems: [AdminProblem.Code] = []
    var handler: Handler

    var pattern: String { place.prefix + path }

    /// Whether it takes an Idempotency-Key: a change by somebody who was let in.
    var isRepeatable: Bool { method != .get && permission != .anybody }
}
