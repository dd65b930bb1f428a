internal import Crypto
internal import HTTPTypes
internal import Primitives

/// One request that is being answered: what it says, who asks, and of whom.
struct AdminCall: Sendable {
    let endpoint: AdminEndpoint
    let request: DialectRequest
    let parameters: [String: Substring]
    let actor: StaffActor
    /// Whose things it is about; `nil`: the platform's.
    let tenant: AdminTenant?

    /// What the rows are filed under.
    var owner: TenantID { tenant?.id ?? .platform }
    var scope: StaffScope { StaffScope(owner) }

    var author: AuditAuthor {
        AuditAuthor(
            who: .staff(actor), address: request.remoteAddress, requestID: LoggedPath.requestID(request.id))
    }

    /// The id in the path; one that we cannot have made names nothing.
    func id<Subject>(
        _ name: String = "id", of subject: Subject.Type = Subject.self
    ) throws(AdminProblem)
        -> Identifier<Subject>
    {
        guard let bits = parameters[name].flatMap({ IdentifierBits(uuidString: String($0)) }) else {
            throw AdminProblem(.notFound)
        }
        return Identifier(bits: bits)
    }

    /// Holds the request to what it names in `If-Match`; ask with the thing's row locked, so that it stays what it is.
    /// - Parameter current: the thing as it is shown.
    func requireMatch(_ current: JSON) throws(AdminProblem) {
        let tags = request.headers[values: .ifMatch].flatMap { (field: String) in field.split(separator: ",")
        }
        .map { String($0.filter { $0 != " " && $0 != "\t" }) }
        guard !tags.isEmpty else { throw AdminProblem(.preconditionRequired) }
        guard tags.contains("*") || tags.contains(AdminTag.of(current)) else {
            throw AdminProblem(.preconditionFailed)
        }
    }
}

/// What an operation answers, when it went well: with the status that its endpoint names.
enum AdminAnswer: Sendable {
    case json(JSON)
    /// Bytes of another kind.
    case raw(DialectResponse)
}

/// The strong tag of a thing as it is shown: equal bytes, equal tags.
enum AdminTag {
    static func of(_ value: JSON) -> String { of(value.encoded()) }

    static func of(_ body: [UInt8]) -> String { "\"\(Hex.encode(SHA256.hash(data: body).prefix(12)))\"" }
}

extension DialectResponse {
    /// The answer of an endpoint that went well.
    init(_ endpoint: AdminEndpoint, _ body: [UInt8]) {
        self.init(status: endpoint.status, headers: [.contentType: "application/json"], body: body)
        if endpoint.isTagged { headers[.eTag] = AdminTag.of(body) }
    }
}
